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
close-unsaved = { $count-shown } changes are not saved. Close once more to leave without them.
project-shared = This project is open in another window too. Both can work: if both change one article, the later one is told.
check-found = The check of the project found { $count-shown } faults.
imported = { $articles-shown } articles imported, { $known-shown } were there already; { $mentions-shown } mentions.
exported = { $articles-shown } articles with { $mentions-shown } mentions written to { $path }.

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
error-import = Nothing was imported: { $reason }
error-export = Nothing was exported: { $reason }
error-inside = Something went wrong inside the program. What was saved is safe.
error-settings = The settings could not be written: { $reason }
settings-kept = The settings could not be read; they were kept as { $path } and the defaults are used.

# Keys
key-word = To the next or previous word
key-extend = Grow the selection by a word
key-line = To the line above or below
key-mention = To the next or previous mention
key-page = A page up or down
key-ends = To the beginning or end
key-let-go = Let go of selection, mention, armed label
key-end-forward = Move the mention's end a word on
key-end-back = Move the mention's end a word back
key-start-forward = Move the mention's start a word on
key-start-back = Move the mention's start a word back
key-note = Write a note on the mention
key-done = Done, or reopen
key-new = New project
key-open = Open a project
key-sample = Try the sample
key-zoom-in = Article larger
key-zoom-out = Article smaller
key-zoom-reset = Article in its own size
keys-caret = Caret
keys-mentions = Mentions
keys-articles = Articles
keys-program = Program

# Long jobs
job-import = Importing
job-export = Exporting
job-open = Opening
problems-import = What was not taken as it stood
problems-export = What the format could not hold
problems-check = What the check found
problems-more = and { $count-shown } more

# Dialogs and the start screen
start-what = Label the names in Persian news and take them as JSON; each act is saved.
start-new = New project
start-new-what = Empty, with default labels
start-open = Open
start-open-what = A project or a text file
start-sample = Try the sample
start-sample-what = A few articles to begin with
start-recent = Recent projects
start-recent-none = No projects yet. Begin with the sample: nothing can be broken.
start-forget = Take off the list
start-drop = You can also drop a file on the window.
start-opening = Opening { $path }…
rules-overlaps = Overlaps
rules-overlaps-yes = Mentions may nest and overlap
rules-overlaps-yes-what = «دانشگاه تهران» is an organisation, and «تهران» inside it is a location.
rules-overlaps-no = Each word in one mention only
rules-overlaps-no-what = An overlapping mention is refused; those that are there stay.
rules-titles = Titles and offices
rules-titles-outside = Outside the name
rules-titles-inside = Inside the name
rules-titles-outside-what = Of «سردار حسین اشتری» only «حسین اشتری» is labelled.
rules-titles-inside-what = All of «سردار حسین اشتری» is labelled.
rules-titles-hint = The rule is for the annotators and goes with exports; it changes no mention that is there.
rules-project = Project
rules-labels = { $count ->
    [one] { $count-shown } label in use
   *[other] { $count-shown } labels in use
}
rules-mentions = { $count ->
    [one] { $count-shown } mention by all annotators
   *[other] { $count-shown } mentions by all annotators
}
annotator-title = Who labels?
annotator-why = Your name stays with each mention, and everyone's work is kept in a layer of its own: nobody writes over another's.
annotator-name = Annotator's name
annotator-hint = Your name
annotator-start = Begin
keys-title = Keys
keys-hint = Keys are read by their place on the keyboard: a Persian layout works too.
problems-count = { $count ->
    [one] { $count-shown } entry
   *[other] { $count-shown } entries
}
problems-copy = Copy all
problems-copied = Copied
path-title-new = New project
path-title-open = Open a project
path-title-import = Import files
path-title-export = Export
path-field = Path of the file
path-new = Make
path-open = Open
path-import = Import
path-import-count = { $count ->
    [one] Import { $count-shown } file
   *[other] Import { $count-shown } files
}
path-export = Write
path-replace = Replace
path-exists-new = There is a file of this name already; choose another.
path-exists-export = There is a file of this name; it will be replaced.
path-missing = There is no such file.
path-no-folder = This folder is not there yet; it will be made.
path-no-folder-here = There is no such folder.
path-unreadable = This folder cannot be read: { $reason }
path-nothing = Nothing begins like this.
path-empty = This folder is empty.
path-reading = Reading the folder…
path-name-needed = Name the file.
path-hint = Tab completes, the arrows choose, Enter accepts.
path-hint-import = Tab completes, the arrows choose, Space marks; a star (*.txt) takes them all.
labels-title = Labels
labels-new = New label
labels-field-title = Title
labels-field-name = Name in files
labels-field-keys = Keys
labels-field-count = Mentions
labels-field-guideline = Guideline
labels-field-colour = Colour
labels-field-hex = Colour as #RRGGBB
labels-guideline-hint = What gets this label, and what does not?
labels-colour-of = Colour of { $label }
labels-more = Details of { $label }
labels-up = Move { $label } up
labels-down = Move { $label } down
labels-delete = Take out of use
labels-merge = Merge into…
labels-merge-into = Merge { $from } into which label?
labels-merge-confirm = { $count ->
    [one] { $count-shown } mention of { $from } will count as { $into }. This can be undone.
   *[other] { $count-shown } mentions of { $from } will count as { $into }. This can be undone.
}
labels-merge-do = Merge
labels-restore = Restore
labels-out = Out of use
labels-out-deleted = its mentions keep it
labels-out-merged = merged into { $into }
labels-hex-wrong = A colour has six hexadecimal digits, as #4C78A8.
labels-empty = No label is in use. Make one, or restore one.
