# The program
app-name = برچسب
articles-count = { $count-shown } خبر
article-place = { $place-shown } از { $total-shown } خبر

# Status and filter
status-new = تازه
status-in-progress = در دست
status-done = پایان‌یافته
status-flagged = نشان‌دار
filter-all = همه
filter-remaining = مانده
filter-done = پایان‌یافته
filter-flagged = نشان‌دار
search-articles = جست‌وجو در خبرها
search-none = هیچ خبری با این جست‌وجو نمی‌خواند.
list-empty = هنوز خبری نیست. پرونده‌ای وارد کنید یا روی پنجره بیندازید.
list-empty-filter = هیچ خبری در این وضعیت نیست.
mentions-count = { $count-shown } نمونه

# The panel of mentions
mentions-title = نمونه‌ها
mentions-empty = هنوز نمونه‌ای نیست. روی یک نام بکشید و کلید برچسبش را بزنید.
note-title = یادداشت بر «{ $surface }»
note-placeholder = چرا این برچسب؟ کجایش جای تردید است؟
labels-edit = ویرایش برچسب‌ها
offsets-span = نویسهٔ { $start-shown } تا { $end-shown }
mentions-times = ×{ $count-shown }
note = یادداشت
remove-mention = حذف نمونه

# Bars
palette-more = برچسب‌های دیگر
label-counts = { $here-shown } نمونه در این خبر، { $all-shown } در طرح
zoom-in = بزرگ‌تر
zoom-out = کوچک‌تر
zoom-percent = { $percent-shown }٪
panel-articles = فهرست خبرها
panel-mentions = فهرست نمونه‌ها
search-clear = پاک کردن جست‌وجو

# Saving
saved = ذخیره شد
saving = در حال ذخیره…
save-failed = ذخیره نشد: { $count-shown } کار در انتظار
save-again = دوباره بکوش

# Acts
undo = واگرد
redo = ازنو
done-next = پایان و بعدی
reopen = بازگشایی
flag = نشان‌دار کن
unflag = نشان را بردار
next = بعدی
previous = قبلی
import = وارد کردن…
export = برون‌بری…
close-project = بستن طرح
menu = فهرست
keys = کلیدها
rules = قاعده‌های طرح
annotator = برچسب‌زن
zoom = بزرگ‌نمایی
theme-dark = تیره
theme-light = روشن
language-other = English
direction-auto = از روی متن
direction-rtl = راست به چپ
direction-ltr = چپ به راست
direction = جهت خواندن
cancel = انصراف
close = بستن
ok = تأیید
save = ذخیره
remove = حذف
show-articles = خبرها
show-mentions = نمونه‌ها

# What has just happened
mention-removed = نمونه حذف شد.
nothing-to-undo = چیزی برای واگرد نیست.
nothing-to-redo = چیزی برای ازنو نیست.
no-more-articles = از این سو خبر دیگری نیست.
all-done = همهٔ خبرهای این فهرست پایان یافته‌اند.
label-deleted = «{ $label }» از کار افتاد؛ نمونه‌هایش برچسب خود را دارند.
label-merged = نمونه‌های «{ $from }» از این پس «{ $into }» شمرده می‌شوند.
conflict-merged = کس دیگری این خبر را زودتر ذخیره کرده بود. { $kept-shown } تغییر شما روی آن نشست و { $dropped-shown } تغییر دیگر جا نشد.
project-shared = این طرح در پنجرهٔ دیگری هم باز است. هر دو می‌توانند کار کنند؛ اگر هر دو یک خبر را تغییر دهند، به دومی گفته می‌شود.
check-found = وارسی طرح { $count-shown } ایراد یافت.
imported = { $articles-shown } خبر وارد شد و { $known-shown } خبر از پیش بود؛ { $mentions-shown } نمونه.
exported = { $articles-shown } خبر با { $mentions-shown } نمونه در { $path } نوشته شد.
export-lost = { $count-shown } چیز در این قالب نگنجید.

# What was refused
refused-already-there = این بازه همین برچسب را دارد.
refused-not-there = این نمونه دیگر آنجا نیست.
refused-overlap = این طرح نمونه‌های هم‌پوشان نمی‌پذیرد.
refused-out-of-text = اینجا چیزی برای برچسب‌زدن نیست.
label-needs-name = برچسب نام می‌خواهد.
label-name-taken = برچسب دیگری نامش { $name } است.
label-key-taken = کلید { $key } از آن برچسب دیگری است.

# Faults
error-missing = { $path }: چنین پرونده‌ای نیست.
error-already-there = { $path }: پرونده‌ای از پیش هست؛ چیزی بازنویسی نشد.
error-not-a-project = { $path } طرح برچسب نیست ({ $reason }).
error-newer = { $path } را نسخهٔ تازه‌تری از برچسب نوشته است (نسخهٔ { $found-shown }؛ این برنامه تا { $known-shown } را می‌شناسد). چیزی تغییر نکرد.
error-damaged = { $path } آسیب دیده است: { $reason }
error-read-only = در { $path } نمی‌توان نوشت: { $reason }
error-full = دیسک پر است: { $path } نوشته نشد. آنچه پیش‌تر ذخیره شده سر جایش است.
error-busy = برنامهٔ دیگری در حال نوشتن { $path } است. دوباره بکوشید.
error-conflict = کس دیگری این خبر را زودتر ذخیره کرده است.
error-not-found = { $what } در این طرح نیست.
error-edit = این تغییر با آنچه ذخیره شده نمی‌خواند: { $reason }
error-no-name = برچسب‌زن نام می‌خواهد.
error-failed = { $path }: { $reason }
error-no-home = پوشهٔ خانه‌ای برای نگه‌داشتن نمونه نیست.
error-folder = { $path } پوشه است؛ پرونده‌ای نام ببرید.
error-file = { $path }: { $reason }
error-settings = تنظیم‌ها نوشته نشد: { $reason }
settings-kept = تنظیم‌ها خوانده نشد؛ در { $path } نگه داشته شد و پیش‌فرض‌ها به کار است.

# Long jobs
job-import = در حال وارد کردن
job-export = در حال برون‌بری
job-open = در حال گشودن
problems-import = آنچه همان‌گونه که بود پذیرفته نشد
problems-check = آنچه وارسی یافت
problems-more = و { $count-shown } مورد دیگر
