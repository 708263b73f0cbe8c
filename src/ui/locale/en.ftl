# The program
app-name = Barchasb
articles-count = { $count ->
    [one] { $count-shown } article
   *[other] { $count-shown } articles
}
article-place = { $place-shown } of { $total-shown }

# Status and filter
status-new = New
status-in-progress = In progress
status-done = Done
status-flagged = Flagged
filter-all = All
filter-remaining = Remaining
filter-done = Done
filter-flagged = Flagged
search-articles = Search the articles
search-none = No article matches.
list-empty = No articles yet. Import some, or drop files on the window.
list-empty-filter = No article has this status.
mentions-count = { $count ->
    [one] { $count-shown } mention
   *[other] { $count-shown } mentions
}

# The panel of mentions
mentions-title = Mentions
mentions-empty = No mentions yet. Drag over a name, then press a label's key.
note-title = Note on “{ $surface }”
note-placeholder = Why this label? What is in doubt?
labels-edit = Edit labels
offsets-span = Characters { $start-shown } to { $end-shown }
mentions-times = ×{ $count-shown }
note = Note
remove-mention = Remove the mention

# Bars
palette-more = More labels
label-counts = { $here-shown } in this article, { $all-shown } in the project
zoom-in = Larger
zoom-out = Smaller
zoom-percent = { $percent-shown }%
panel-articles = List of articles
panel-mentions = List of mentions
search-clear = Clear the search

# Saving
saved = Saved
saving = Saving…
save-failed = Not saved: { $count-shown } waiting
save-again = Try again

# Acts
undo = Undo
redo = Redo
done-next = Done, next
reopen = Reopen
flag = Flag
unflag = Unflag
next = Next
previous = Previous
import = Import…
export = Export…
close-project = Close project
menu = Menu
keys = Keys
rules = Project rules
annotator = Annotator
zoom = Zoom
theme-dark = Dark
theme-light = Light
language-other = فارسی
direction-auto = By the text
direction-rtl = Right to left
direction-ltr = Left to right
direction = Reading direction
cancel = Cancel
close = Close
ok = OK
save = Save
remove = Remove
show-articles = Articles
show-mentions = Mentions

# What has just happened
mention-removed = Mention removed.
nothing-to-undo = There is nothing to undo.
nothing-to-redo = There is nothing to redo.
no-more-articles = There is no further article this way.
all-done = Everything in this list is done.
label-deleted = { $label } is out of use; its mentions keep it.
label-merged = The mentions of { $from } now count as { $into }.
conflict-merged = Someone else saved this article first. { $kept-shown } of your changes were put on top; { $dropped-shown } no longer fit.
project-shared = This project is open in another window too. Both can work: if both change one article, the later one is told.
check-found = The check of the project found { $count-shown } faults.
imported = { $articles-shown } articles imported, { $known-shown } were there already; { $mentions-shown } mentions.
exported = { $articles-shown } articles with { $mentions-shown } mentions written to { $path }.
export-lost = The format could not hold { $count-shown } things.

# What was refused
refused-already-there = This span has this label already.
refused-not-there = The mention is no longer there.
refused-overlap = This project allows no overlapping mentions.
refused-out-of-text = There is nothing to label here.
label-needs-name = A label needs a name.
label-name-taken = Another label is named { $name }.
label-key-taken = Another label has the key { $key }.

# Faults
error-missing = { $path }: there is no such file.
error-already-there = { $path }: there is a file already; nothing was overwritten.
error-not-a-project = { $path } is not a Barchasb project ({ $reason }).
error-newer = { $path } was written by a newer Barchasb (version { $found-shown }; this program knows { $known-shown }). Nothing was changed.
error-damaged = { $path } is damaged: { $reason }
error-read-only = { $path } cannot be written: { $reason }
error-full = The disk is full: { $path } could not be written. Nothing saved before is lost.
error-busy = Another program is writing to { $path }. Try again.
error-conflict = Someone else saved this article first.
error-not-found = { $what } is not in the project.
error-edit = The change does not fit what is stored: { $reason }
error-no-name = An annotator needs a name.
error-failed = { $path }: { $reason }
error-no-home = There is no home folder to keep the sample in.
error-folder = { $path } is a folder; name a file.
error-file = { $path }: { $reason }
error-settings = The settings could not be written: { $reason }
settings-kept = The settings could not be read; they were kept as { $path } and the defaults are used.

# Long jobs
job-import = Importing
job-export = Exporting
job-open = Opening
problems-import = What was not taken as it stood
problems-check = What the check found
problems-more = and { $count-shown } more
