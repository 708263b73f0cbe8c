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
project-empty = This project has no articles yet: import text, JSON or JSONL files, or drop them here.
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
direction-auto = Direction by the text
direction-rtl = Right to left
direction-ltr = Left to right
cancel = Cancel
close = Close
ok = OK
save = Save
remove = Remove

# What has just happened
mention-removed = Mention removed.
nothing-to-undo = There is nothing to undo.
nothing-to-redo = There is nothing to redo.
no-more-articles = There is no further article this way.
all-done = Everything in this list is done.
label-deleted = { $label } is out of use; its mentions keep it.
label-merged = The mentions of { $from } now count as { $into }.
conflict-both-stand = Someone else saved this article first. Your changes and theirs both stand.
conflict-merged = Someone else saved this article first. { $kept-shown } of your changes were put on top; { $dropped-shown } no longer fit.
rescue-unreadable = What could not be saved last time cannot be read; it was kept as { $path }.
brought-back = What could not be saved last time is saved now: { $kept-shown } changes; { $dropped-shown } no longer fit.
close-unsaved = { $count-shown } changes could not be saved yet. Close once more to leave: they are kept and come back when the project is opened.
project-shared = This project is open in another window too. Both can work: if both change one article, the later one is told.
check-overlaps = { $count-shown } older mentions overlap, which the project no longer allows.
show = Show
check-found = The check of the project found { $count-shown } faults.
imported = { $articles-shown } articles imported, { $known-shown } were there already; { $mentions-shown } mentions.
exported = { $records-shown } records with { $mentions-shown } mentions written to { $path }.

# What was refused
refused-already-there = This span has this label already.
refused-not-there = The mention is no longer there.
refused-overlap = This project allows no overlapping mentions.
refused-out-of-text = There is nothing to label here.
refused-status-moved = The status is no longer what it was.
refused-decision-moved = This was decided already, or the decision taken back.
refused-rejection-moved = This suggestion was rejected already, or its rejection taken back.
label-needs-name = A label needs a name.
label-name-taken = Another label is named { $name }.
label-key-taken = Another label has the key { $key }.

# Faults
error-missing = { $path }: there is no such file.
error-already-there = { $path }: there is a file already; nothing was overwritten.
error-not-a-project = { $path } is not a Barchasb project ({ $reason }).
error-newer = { $path } was written by a newer Barchasb (version { $found-shown }; this program knows { $known-shown }). Nothing was changed.
error-damaged = { $path } is damaged: { $reason }.
error-read-only = { $path } cannot be written: { $reason }.
error-full = The disk is full: { $path } could not be written. Nothing saved before is lost.
error-busy = Another program is writing to { $path }. Try again.
error-conflict = Someone else saved this article first.
error-not-found = { $what } is not in the project.
error-edit = The change does not fit what is stored: { $reason }
error-no-name = An annotator needs a name.
error-no-home = There is no home folder to keep the sample in.
error-nothing-inside = There is no file in { $path }.
error-file = { $path }: { $reason }.
error-import = Nothing was imported: { $reason }
error-export = Nothing was exported: { $reason }
error-import-project = { $path } is a project; export it and import the export.
error-export-onto-project = { $path } is a project; give the export another name.
error-export-stopped = The export was stopped.
error-inside = Something went wrong inside the program. What was saved is safe.
error-settings = The settings could not be written: { $reason }.
settings-kept = The settings could not be read; they were kept as { $path } and the defaults are used.

# Keys
key-word-left = A word to the left
key-word-right = A word to the right
key-extend-left = Grow the selection to the left
key-extend-right = Grow the selection to the right
key-line-up = A line up
key-line-down = A line down
key-extend-up = Grow the selection to the line above
key-extend-down = Grow the selection to the line below
key-mention-left = To the mention on the left
key-mention-right = To the mention on the right
key-same-label-left = To the same label on the left
key-same-label-right = To the same label on the right
key-label-jump = To a label's next mention…
key-paragraph-up = To the paragraph before
key-paragraph-down = To the next paragraph
key-page-up = A page up
key-page-down = A page down
key-first = To the beginning of the article
key-last = To the end of the article
key-label-ask = Label by the name of the label…
key-label-also = One label more, by its name…
key-label-arm = Arm a label…
key-repeat = Repeat the last label
key-done-next = Done, and on to the next article
key-flag = Flag, or unflag
key-next = Next article
key-previous = Previous article
key-filter-all = List: all articles
key-filter-remaining = List: remaining articles
key-filter-done = List: articles done
key-filter-flagged = List: flagged articles
key-order-imported = List: as imported
key-order-suggested = List: most suggestions first
key-order-uncertain = List: least certain first
key-order-disputed = List: most disputed first
key-order-shuffle = List: shuffle
key-order-best = List: best match of the search first
key-only-suggested = List: only articles with suggestions
key-not-only-suggested = List: also articles without suggestions
key-external = The program that suggests mentions
key-train = Learn from the finished articles anew
key-direction-auto = Read the article by its text
key-direction-rtl = Read the article right to left
key-direction-ltr = Read the article left to right
key-save-again = Save again what is waiting
key-stop-job = Stop the job that is running
key-panel-articles = Show or hide the articles
key-panel-mentions = Show or hide the mentions
key-language = The other language (فارسی)
key-theme = Light or dark
key-let-go = Let go of selection, mention, armed label
key-label = Label, relabel; its own label again: remove
key-also-label = With Shift: one label more on the same words
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

# The finder of acts, and keys that are given
acts = Acts
acts-find = The name of an act, a label or a project
acts-none = Nothing is called that.
act-label = Label: { $label }
act-label-jump = To the next { $label }
act-label-arm = Arm: { $label }
act-label-also = One label more: { $label }
act-open = Open { $project }
label-find = Name of the label
label-none = No label is called that.
keys-how = To change a key, click its line, or go to it with Tab and press Enter.
keys-press = Press the new key; Esc cancels
keys-take = Take it over
keys-leave = Leave it
keys-reset = First key of “{ $act }”
keys-reset-all = First keys for all
keys-taken = The key { $key } belongs to “{ $act }”.
keys-reserved = The key { $key } cannot be given: it belongs to the labels or to the window.
keys-unknown-act = There is no act named { $act }.
keys-unknown-key = There is no key named { $key }.
keys-refused = { $others ->
    [0] A key in the settings was not taken: { $why }
   *[other] A key and { $others-shown } more in the settings were not taken: { $why }
}

# What was found
found = { $what }.
found-at = { $place }: { $what }.
places = { $first }, { $second }
place-file = { $file }
place-record = record { $number-shown }
place-line = line { $number-shown }
place-column = column { $number-shown }
place-byte = byte { $number-shown }
place-char = character { $number-shown }
place-article = article “{ $name }”
place-article-unnamed = an article without a name
place-layer = { $annotator }’s layer
unit-code-point = code points
unit-utf16 = UTF-16 units
unit-byte = bytes
unit-grapheme = grapheme clusters
found-mark = a UTF-8 byte order mark was taken off
found-encoding = the file is in { $encoding }; it was read as such
found-nul = NUL characters ({ $count-shown }), kept as they are; the first is here
found-control = control characters ({ $count-shown }), kept as they are; the first is here
found-no-tag = This line holds no token with a tag: { $line }
found-bidi = bidi controls without a partner ({ $count-shown }), kept as they are; the first is here
found-unit = the mentions fit their text only when { $unit } are counted, so the file was read that way
found-key = the key “{ $key }” is not known; it is kept in the articles’ meta
found-span-key = the key “{ $key }” of a span is not known and was not taken
found-record-bytes = the byte here is not UTF-8; the record was left out
found-record-unfinished = the JSON of the record is unfinished; it was left out
found-record-syntax = the JSON of the record is not valid ({ $words }); it was left out
found-record-shape = something in the record is missing or of another type ({ $words }); it was left out
found-no-text = the record has no text and was left out
found-left-out = { $why }; it was left out
found-unknown-unit = the offset unit “{ $name }” is not known; the spans were read in code points
found-unknown-status = the status “{ $name }” is not known; it was read as “{ $status }”
found-decision-left-out = decision { $number-shown } of the review does not fit the text or the unit of its offsets, or names nobody; it was left out
found-span-left-out = span { $number-shown } was left out: { $why }
found-record-long = the record is longer than { $limit-shown } bytes and was left out
found-record-deep = the record is nested deeper than { $limit-shown } and was left out
found-array-cut = the file ends before its array does; it may have been cut off
found-comma-last = there is a comma after the last record
found-after-array = there is something after the end of the array; it was not read
found-comma-lone = there is a comma without a record before it
found-comma-missing = a comma or the end of the array must stand here; the rest was not read
found-other-article = this is for the article “{ $named }”, not for “{ $asked }”
found-many-spans = there are more than { $limit-shown } spans; the rest was left out
found-more-problems = there were { $count-shown } more problems
found-meta = the meta of the article is no JSON object; it was written as text under the key “meta”
found-blank-name = “{ $surface }” is no name: there is no letter or digit in it; it was left out
found-double-name = the name “{ $surface }” stands in the list twice; it was taken once
found-other-label = the name “{ $surface }” has the label { $label } here and { $other } before; both were taken
found-pattern-key = the pattern says “{ $key }”, which is no text of a word; it was left out
found-uncountable = { $label } at { $start-shown } to { $end-shown } was left out: its edges cannot be counted in { $unit }
span-unreadable = something in { $json } is missing or of another type ({ $words })
span-no-label = from { $start-shown } to { $end-shown } (in { $unit }) it has no label
span-nothing = { $label } from { $start-shown } to { $end-shown } (in { $unit }) covers nothing
span-out-of-text = { $label } from { $start-shown } to { $end-shown } (in { $unit }) passes the end of the text or cuts a character
span-unknown-label = no label in use is named “{ $label }” (from { $start-shown } to { $end-shown } in { $unit })
span-confidence = { $label } from { $start-shown } to { $end-shown } (in { $unit }) has the confidence { $value }, which is no number from 0 to 1
span-cuts = { $label } from { $start-shown } to { $end-shown } (in { $unit }) cuts a letter from its marks
span-under-surer = { $label } from { $start-shown } to { $end-shown } (in { $unit }) overlaps the span at { $surer-start-shown } to { $surer-end-shown }, which is surer
span-other-surface = { $label } from { $start-shown } to { $end-shown } (in { $unit }) should be “{ $named }” but the text there is “{ $stands }”
untaken-large = text and metadata are over { $limit-shown } bytes; it was left out
untaken-renamed = another text has this name; it became “{ $name }”
untaken-layer = a layer of { $annotator } stands here already and differs; it was kept as it is
untaken-other-text =
    { $mentions ->
        [0] another text has this name here; it was left out
        [one] another text has this name here; its mention was not taken
       *[other] another text has this name here; its { $mentions-shown } mentions were not taken
    }
untaken-apart-taken = the copies of the layer of { $annotator } went apart: both have the same version; this one took the place of the one taken before
untaken-apart-kept = the copies of the layer of { $annotator } went apart: both have the same version; the one taken before stays
untaken-twice = { $annotator } has two layers here that differ; one of them was left out
untaken-out-of-text = { $label } from { $start-shown } to { $end-shown } is empty or passes the end ({ $text-end-shown }); it was left out
untaken-cuts = { $label } from { $start-shown } to { $end-shown } cuts a letter from its marks; it was kept
untaken-no-label = the mention at { $start-shown } to { $end-shown } has no label; it was left out
untaken-decision = the decision at { $start-shown } to { $end-shown } does not fit the text or names nobody; it was left out
untaken-overlap = the mention at { $start-shown } to { $end-shown } overlaps the one at { $earlier-start-shown } to { $earlier-end-shown }, which this project forbids; it was left out
flaw-reference = a row of { $table } refers to a row of { $to } that is not there
flaw-length = the text has { $found-shown } characters, not { $counted-shown } as was counted
flaw-mentions = { $found-shown } mentions are stored, not { $counted-shown } as was counted
flaw-double = a span has the same label twice
flaw-overlap = the mention at { $start-shown } to { $end-shown } overlaps the one at { $earlier-start-shown } to { $earlier-end-shown }
flaw-cuts = the mention at { $start-shown } to { $end-shown } cuts a letter from its marks
flaw-unknown-label = the mention at { $start-shown } to { $end-shown } has an unknown label
flaw-decision-label = the decision at { $start-shown } to { $end-shown } names an unknown label
flaw-decision-annotator = the decision at { $start-shown } to { $end-shown } names an unknown annotator
flaw-layer-label-count = the mentions of { $label } in this layer are not as many as was counted
flaw-label-count = the mentions of { $label } are not as many as was counted
damage-of = article “{ $article }”: { $what }
damage-identity = “{ $found }” is no identity
damage-no-article = there is no article at place { $place-shown }
damage-status = “{ $found }” is no status
damage-other-text = the text is not the one that was stored
damage-direction = “{ $found }” is no reading direction
damage-rule = “{ $found }” is no rule
damage-search = “{ $found }” is no place in the search index
damage-missing = { $name } is missing
damage-mentions = the mentions cannot be read ({ $words })
damage-out-of-text = the mention at { $start-shown } to { $end-shown } is empty or passes the end ({ $text-end-shown })
damage-surface = the text at { $start-shown } to { $end-shown } is no longer “{ $surface }”, as it was when it was marked
damage-label = the mention at { $start-shown } to { $end-shown } has no label identity but “{ $found }”
damage-decisions = the decisions of the review cannot be read ({ $words })
damage-decision-nothing = the decision at { $start-shown } to { $end-shown } decides nothing
damage-decision-out-of-text = the decision at { $start-shown } to { $end-shown } passes the end ({ $text-end-shown })
damage-suggestions = suggestions for article “{ $article }”: { $what }
damage-outcomes = what became of the suggestions for article number { $place-shown } cannot be read ({ $words })
damage-name-list = the list of names “{ $title }” cannot be read ({ $words })
damage-origin = the mention at { $start-shown } to { $end-shown } has the unknown origin “{ $found }”
foreign-folder = it is a folder
foreign-no-file = it is not an ordinary file
foreign-other-program = it is a database of another program
foreign-version = its version is { $version-shown }
foreign-stranger = it holds { $name }, which is not ours
unwritable-older = an older Barchasb wrote it; open it once for writing to bring it up to date
failure-setting = the database refused the setting { $setting }
failure-maps = the database maps the file into memory
failure-no-log = this place cannot hold the database’s write-ahead log (mode { $journal })
failure-no-promise = the database does not promise that a save is on the disk
failure-no-references = the database does not check references
failure-label-in-use = the making of a label that has mentions cannot be taken back
failure-not-unicode = the path is not Unicode
sought-article = This article
sought-article-named = The article “{ $name }”
sought-annotator = This annotator
sought-annotator-named = The annotator “{ $name }”
sought-label = This label
fault-empty-file = the file is empty
fault-empty-text = the text is empty
fault-long-text = the text is longer than { $limit-shown } bytes, the most an article can have
fault-not-utf8 = this is not UTF-8 text: the byte { $byte } at byte { $at-shown } (line { $line-shown }) cannot be read
fault-not-utf16 = this is not UTF-16 text: the unit at byte { $at-shown } (line { $line-shown }) cannot be read
fault-encoding = the file is in { $found }; save it as UTF-8
fault-not-json = this is not a JSON array or object: it begins with “{ $found }” (line { $line-shown }, column { $column-shown })
fault-read-only-format = this format can be read but not written
system-not-found = there is no such file or folder
system-denied = you have no permission
system-protected = it is protected against writing
system-full = the disk is full
system-no-folder = a part of the path is no folder
system-already-there = there is a file of this name
system-name = this is no name for a file
system-too-large = the file is too large
system-words = the system said: { $words }
database-words = the database said: { $words }

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
start-sample-what = A news article to begin with
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
rules-titles-hint = The rule is for the annotators; it changes no mention that is there.
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
path-title-names = Load a list of names
path-load = Load
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
path-unreadable = This folder cannot be read: { $reason }.
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

# The search through the project
find-open = Search the texts of the project
find-field = A name, a beginning or a regular expression
find-close = Back to the article
find-whole = Whole words
find-prefix = Beginning of a word
find-regex = Regular expression
find-suffixed = Suffixes too
find-suffixed-what = Also where the name has a suffix: less certain, with a dotted border.
find-any = Any label or none
find-unlabelled = Without a label
find-with = Labelled…
find-with-label = Labelled { $label }
find-without = Not labelled…
find-without-label = Not labelled { $label }
find-more-labels = +{ $count-shown }
find-list = Places found
find-places = { $count ->
    [one] { $count-shown } place
   *[other] { $count-shown } places
}
find-counts = { $places } in { $articles ->
    [one] { $articles-shown } article
   *[other] { $articles-shown } articles
} · { $selected-shown } selected
find-searching = Still searching…
find-cut = Only the first { $count-shown } are here; narrow the search for the others.
find-select-all = Select all
find-select-article = Select all in “{ $title }”
find-select = Select “{ $surface }”
find-label = Label…
find-relabel = Change the label…
find-remove = Remove the label
find-label-do = Label
find-relabel-do = Change
find-remove-do = Remove
find-preview-label = { $count ->
    [one] { $count-shown } place gets the label “{ $label }”
   *[other] { $count-shown } places get the label “{ $label }”
}, in { $articles ->
    [one] { $articles-shown } article.
   *[other] { $articles-shown } articles.
}
find-preview-relabel = { $count ->
    [one] { $count-shown } mention becomes “{ $label }”
   *[other] { $count-shown } mentions become “{ $label }”
}, in { $articles ->
    [one] { $articles-shown } article.
   *[other] { $articles-shown } articles.
}
find-preview-remove = { $count ->
    [one] { $count-shown } mention goes
   *[other] { $count-shown } mentions go
}, from { $articles ->
    [one] { $articles-shown } article.
   *[other] { $articles-shown } articles.
}
find-preview-nothing = Nothing changes at the selected places.
find-preview-idle = { $count ->
    [one] { $count-shown } selected place stays as it is.
   *[other] { $count-shown } selected places stay as they are.
}
find-empty = What are you looking for?
find-empty-what = The texts of all articles are searched. ی and ي, ک and ك, digits and half-spaces count as the same.
find-none = Nothing was found.
find-none-what = Try the beginning of the word, suffixes too, or another choice of labels.
find-problem = This cannot be looked for.
find-problem-what = What is wrong stands under the field.
find-key-label = Label all selected
find-key-toggle = Select
find-key-show = Show
find-key-close = Back

## Suggestions, same mentions, the search through the project
no-suggestions = No suggestion is left in this article.
no-suggestions-above = No suggestion reaches the threshold.
accepted-all = { $count-shown } suggestions accepted.
same-done = { $count-shown } mentions changed in { $articles-shown } articles.
same-left = { $count ->
    [one] One article has changed since it was looked through, and stays as it is.
   *[other] { $count-shown } articles have changed since they were looked through, and stay as they are.
}
same-done-and-left = { $done } { $left }
same-working = Working through the whole project…
same-not-done = What was asked for in the whole project was not done.
suggested-elsewhere = { $count-shown } suggestions were left in { $articles-shown } other articles.
find-nothing-to-do = There is nothing to do at what is selected.
query-nothing = There is no letter or digit to look for.
query-regex = This regular expression cannot be understood: { $words }
query-too-large = This regular expression is too large.
model-foreign = What the project keeps as a model is none; it is learned anew.
model-newer = A newer version wrote this project's model; it is left alone and suggestions are learned anew.
model-damaged = This project's model is damaged; it is learned anew.
names-loaded = { $count-shown } names were loaded from “{ $title }”.
problems-names = What was not taken from the list of names
# The program that suggests
external = Suggesting program
external-what = A program of yours that reads articles and writes suggestions: a rule, spaCy, a language model. README says how they talk. It runs on this machine with your rights, and is started in your home folder.
external-command = Command line
external-seconds = Seconds for an article, at most
external-seconds-wrong = A number from { $least-shown } to { $most-shown }.
external-on = Ask it for suggestions
external-try = Try it on the open article
external-trying = Being asked…
external-no-article = No article is open.
external-mention = { $label }: { $surface }
external-found = { $count ->
    [0] It suggests nothing in this article.
    [one] { $count-shown } suggestion:
   *[other] { $count-shown } suggestions:
}
external-stderr = What it wrote on its standard error
external-command-line = The command line cannot be read: { $reason }.
external-not-started = “{ $program }” cannot be started: { $reason }.
external-slow = No answer came within { $seconds-shown } seconds, and the program was ended. It has to answer each line before it reads the next, and to flush its output.
external-ended = The program ended before it answered ({ $exit }).
external-ended-saying = The program ended before it answered ({ $exit }): { $words }
external-closed = The program closed its output before it answered, and was ended.
external-no-answer = What the program wrote is no answer: { $reason }.
external-no-answer-but = The program wrote “{ $line }”, which is no answer: { $reason }.
external-left-alone = The program has failed { $failures-shown } times in a row and is left alone until it is tried again.
external-stopped = The program was not waited for.
command-line-empty = it names no program
command-line-quote = a quote ({ $quote }) has no end
command-line-backslash = nothing follows the last backslash
exit-code = exit code { $code-shown }
exit-signal = signal { $signal-shown }
exit-unknown = exit code unknown
found-unlabelled-names = { $count-shown } names with the label “{ $label }” were left out: the project has no such label.
found-names-no-label = { $count-shown } names without a label were left out.
names-other-ending = { $path }: a list of names ends in .txt, .csv, .tsv or .jsonl.
names-none = { $path }: there is no name in it with a label of this project.
names-failed = { $path }: { $reason }
external-problems = The suggesting program said things that were not taken; “Try it” shows which.

## Suggestions in the window
keys-suggestions = Suggestions
suggestion-next = Next suggestion
suggestion-previous = Previous suggestion
suggestion-accept = Accept
suggestion-reject = Reject
accept-all = Accept all
same-here = Here
same-onward = From here on
same-suggest = Suggest the rest
same-project = Whole project
same-suffixed = With suffixes too
suggestion-told = { $label } — { $reason } · { $percent-shown }% · { $engine }
suggestion-aloud = Suggestion: “{ $surface }” — { $told }
suggestion-named = { $label } · { $percent-shown }%
reason-always = { $times ->
    [one] labelled so once
   *[other] labelled so { $times-shown } times
}
reason-labelled = { $times ->
    [one] labelled so once
   *[other] labelled so { $times-shown } times
}, { $against ->
    [one] once not
   *[other] { $against-shown } times not
}
reason-listed = listed in “{ $list }”
reason-learned = looks like what was labelled so
reason-said = said by { $by }
engine-lexicon = lexicon
engine-gazetteer = lists of names
engine-tagger = learned from articles
engine-external = external program
engine-import = imported prediction
same-aloud = { $done } { $counts }
same-labelled = “{ $surface }” is now { $label }.
same-relabelled = “{ $surface }” changed from { $from } to { $label }.
same-removed = { $label } was taken off “{ $surface }”.
same-count-here = { $count ->
    [one] { $count-shown } more place here
   *[other] { $count-shown } more places here
}
same-count-elsewhere = { $count ->
    [one] { $count-shown } in another article
   *[other] { $count-shown } in other articles
}
same-counting = counting the other articles…
same-none-here = no other place here
same-add-suffixed = With suffixes ({ $count-shown })
suggestions = Suggestions
suggestions-count = { $above-shown } above the threshold, { $below-shown } below
suggestions-none = No suggestion is left in this article.
suggestions-threshold = Threshold
suggestions-more = About suggestions
accept-all-count = Accept all ({ $count-shown })
precision-known = Above the threshold, { $right-shown } of 100 have been right.
precision-unknown = Too few decisions yet to tell what is right.
learned-from = { $count ->
    [one] learned from { $count-shown } sentence
   *[other] learned from { $count-shown } sentences
}
learning-now = learning…
learn-again = Learn anew
engines = What suggests
names = Lists of names…
names-title = Lists of names
names-what = Every name in a list is suggested in all articles. A file is a text with a name a line, a table of name and label (CSV or TSV), or patterns (JSONL).
names-empty = No list has been loaded yet.
names-count = { $count ->
    [one] { $count-shown } name
   *[other] { $count-shown } names
}
names-drop = Remove “{ $title }”
names-label = Label of names without one
names-label-none = Left out
names-load = Load a file…
list-menu = Order and filters
list-order = Order
list-only = Only articles
order-imported = As imported
order-most-suggested = Most suggestions
order-least-certain = Least certain suggestions
order-most-disputed = Most disputed
order-random = Random
order-best-match = Best match of the search
order-reshuffle = Shuffle again
list-label = With a label…
list-begun-by = Begun by…
list-suggested = With suggestions
list-back = Back
list-any = All
chip-order = Order: { $order }
chip-label = Label: { $label }
chip-begun-by = Begun by: { $name }
chip-drop = Remove “{ $what }”
list-empty-chosen = No article matches these filters.
key-suggestion-accept = Accept the suggestion; or do the same to the same name in this article
key-accept-all = Accept all suggestions above the threshold
key-same-onward = Do the same to the same name from here on
key-same-suggest = Do the same in this article and suggest it in the others
key-same-project = Do the same to the same name in the whole project
key-same-suffixed = Do the same in this article, with suffixes too

# Files of other programs
held-overlap = overlapping mentions
held-nesting = nested mentions
held-discontinuous = mentions in several pieces
held-relation = relations
held-attribute = attributes
held-event = events
held-other-annotation = other annotations
held-category = categories of texts
held-note = notes
held-status = the status of layers
held-annotator = names of annotators
held-second-layer = layers of a second annotator
held-decision = decisions of the review
held-suggestion = suggestions
held-meta = metadata of articles
held-name = ids of articles
held-token-column = further columns of tokens
held-white-space = white space other than one space
held-character = characters
held-token-edge = edges inside a token
held-line = lines of an unknown kind
held-empty-article = articles without tokens
foreign-carried = { $what } ({ $count-shown }) are kept aside with the article and written back to this format alone
foreign-not-taken = { $what } ({ $count-shown }) were not taken
foreign-not-held = { $what } ({ $count-shown }) cannot be held in this format and were left out
foreign-carried-lost = { $what } ({ $count-shown }) speak of mentions that are no longer there and were left out
foreign-no-mentions = mentions ({ $count-shown }) cannot be held in this format and were left out
foreign-mention-not-held = { $label } at { $start-shown } to { $end-shown } was left out: this format cannot hold { $what }
foreign-mention-moved = { $label } at { $start-shown } to { $end-shown } was written as { $to-start-shown } to { $to-end-shown }, the nearest edges that the format can hold
foreign-rebuilt = the file has tokens and no whole text: the text was rebuilt from them, with spaces and line breaks where it says nothing
foreign-grouped = the file does not say where an article begins: every { $sentences-shown } sentences were made one
foreign-orphan-taken = the tag “{ $tag }” goes on with a mention that did not begin; it was taken as its beginning
foreign-orphan-left-out = the tag “{ $tag }” goes on with a mention that did not begin; it was left out
foreign-bad-tag = “{ $tag }” is no tag; it was read as O
foreign-columns = this row has { $found-shown } columns instead of { $expected-shown }; it was left out
foreign-unreadable = this cannot be read ({ $words }); it was left out
foreign-line-kept = this line is not understood; it is kept and written back: { $line }
foreign-label-number = the label { $number } is a number without a name; it was taken as the name
foreign-no-label-names = the file numbers its labels and does not name them; the numbers were taken as names
foreign-not-accepted = the answer is “{ $answer }”: its mentions were not taken
foreign-loose-surface = { $label } at { $start-shown } to { $end-shown }: the surface in the file differs from the text in white space; the offsets were believed
foreign-double-key = the key “{ $key }” stands twice; the last one was taken
foreign-double-id = the id “{ $id }” stands twice; the second was left out
foreign-no-such-id = “{ $id }” is referred to and not there; what refers to it was left out
foreign-no-partner = the file “{ $name }” that belongs to this one is missing
foreign-stale = the file “{ $name }” of an earlier export still stands beside these; it is no part of this one
foreign-file-left-out = the file “{ $name }” was left out: { $words }
foreign-unknown-tags = the file does not know the tags of { $count-shown } tokens; they were read as O
foreign-cut-off = the file ends before it should; it may have been cut off
foreign-label-skipped = the mentions of { $label } ({ $count-shown }) were skipped, as asked
fault-write-only-format = this format can be written but not read
fault-malformed = this cannot be read as { $format }: { $words }
fault-malformed-line = this cannot be read as { $format }: { $words } (line { $line-shown })
fault-doctype = this XML declares a document type or entities, which are not read
fault-wants-folder = this is the format of a folder; choose the folder
fault-wants-file = this is the format of a file; choose the file
fault-no-column = there is no column “{ $name }”; there are { $there }
error-stopped = This was stopped; nothing of it was taken.
foreign-label-renamed = the label “{ $label }” stands in the file as “{ $written }”, since names hold no such characters there
foreign-unit-assumed = nothing in the file proves what it counts: { $unit } were taken; { $count-shown } mentions would stand elsewhere otherwise
foreign-ends-inclusive = the mentions fit their text only when their end is the last character, so the file was read that way
foreign-same-annotator = { $annotator } labelled this article twice; the second layer was read as that of “{ $name }”
foreign-same-nobody = someone without a name labelled this article twice; the second layer was read as that of “{ $name }”

# Formats
format-text = Plain text
format-text-what = An article a file, without mentions
format-json = JSON
format-json-what = Barchasb’s own: an array of articles with their mentions
format-jsonl = JSON Lines
format-jsonl-what = Barchasb’s own: an article with its mentions a line
format-csv = CSV
format-csv-what = A table with commas, a mention or an article a row
format-tsv = TSV
format-tsv-what = A table with tabs, a mention or an article a row
format-doccano = doccano
format-doccano-what = An article a line with [start, end, label]
format-label-studio = Label Studio
format-label-studio-what = Tasks with annotations and predictions
format-label-studio-min = Label Studio JSON-MIN
format-label-studio-min-what = Every task with the labels of one annotator
format-spacy = spaCy DocBin
format-spacy-what = The binary .spacy file for training
format-spacy-json = spaCy JSON
format-spacy-json-what = The JSON of spaCy 2 for training
format-spacy-tuples = spaCy TRAIN_DATA
format-spacy-tuples-what = Pairs of a text and its entities
format-prodigy = Prodigy
format-prodigy-what = A text a line with spans and tokens
format-conll = CoNLL
format-conll-what = A token with its tag a line, sentences parted by blank lines
format-conll2003 = CoNLL-2003
format-conll2003-what = Four columns: token, part of speech, chunk, tag
format-conllu = CoNLL-U
format-conllu-what = Ten columns of grammar, mentions in MISC
format-brat = brat
format-brat-what = A folder of txt and ann: annotations apart from texts
format-hugging-face = Hugging Face
format-hugging-face-what = Rows of tokens and ner_tags for datasets
format-gliner = GLiNER
format-gliner-what = tokenized_text and ner for training GLiNER
format-webanno-tsv = WebAnno TSV 3
format-webanno-tsv-what = The export of INCEpTION and WebAnno
format-xmi = UIMA CAS XMI
format-xmi-what = Annotations in XML with their type system
format-cas-json = UIMA CAS JSON
format-cas-json-what = Annotations in JSON with their type system
format-gate = GATE XML
format-gate-what = A GATE document with nodes and annotation sets
format-bdocjs = GATE bdocjs
format-bdocjs-what = A document of gatenlp in JSON
format-pubannotation = PubAnnotation
format-pubannotation-what = A text with denotations
format-w3c = Web Annotation
format-w3c-what = Annotations of the W3C in JSON-LD
format-html = HTML
format-html-what = A page to read, mentions in colour

# Importing and exporting
joined = { $first }, { $second }
format-lacks = Does not hold { $what }.
format-lacks-nothing = Holds everything that a project has.
format-lacks-mentions = Holds the texts alone, no mentions.
align-expand = Stretched to the edges of tokens
align-contract = Only the tokens wholly inside
align-strict = Left out
nesting-outermost = The longest stays
nesting-innermost = The shortest stays
nesting-columns = A column of tags for every depth
scheme-bio = BIO
scheme-iob1 = IOB1
scheme-bioes = BIOES
scheme-bilou = BILOU
loss-left-out = { $what }: { $count-shown }
loss-mentions = all mentions: { $count-shown }
loss-mention = mentions left out, for the format does not hold { $what }: { $count-shown }
loss-moved = mentions whose edges move to those of tokens: { $count-shown }
loss-carried = { $what } of mentions that are gone: { $count-shown }
loss-uncountable = mentions whose edges cannot be counted in this unit: { $count-shown }
loss-other = other things: { $count-shown }
back = Back
import-folder = Import a folder…
import-title = Import
import-take = Import
import-format = Format
import-as-told = As detected
import-as-told-named = { $format } (detected)
import-encoding = Encoding
import-unit = Counted in
import-sentences = Sentences an article
import-sentences-hint = automatic
import-sentences-what = if the file does not say it
import-columns = Columns
import-column-text = text
import-column-mentions = mentions
import-column-id = id
import-become = Mentions become
import-become-layers = layers
import-become-suggestions = suggestions
import-annotator = Annotator
import-annotators = Named in the file
import-named = { $name } ({ $count-shown })
import-source = Who suggests
import-source-hint = the file’s name
import-labels = The labels of the files, and what becomes of them
import-label-becomes = “{ $name }” becomes
import-label-new = A new label
import-label-new-named = A new label “{ $name }”
import-label-skip = Skip
import-files = { $count-shown } files
import-reading = { $count ->
    [one] Reading: { $count-shown } article
   *[other] Reading: { $count-shown } articles
}
import-stop-reading = Stop reading
import-suggestions = { $count ->
    [one] { $count-shown } suggestion
   *[other] { $count-shown } suggestions
}
import-part = only as far as it was read
import-nothing = No article was found in these files.
import-no-preview = There is nothing to show.
import-goes-on = … and goes on
import-faults = { $faults ->
    [one] { $faults-shown } fault
   *[other] { $faults-shown } faults
}
import-notes = { $notes ->
    [one] { $notes-shown } note
   *[other] { $notes-shown } notes
}
import-faults-and-notes = { $faults-shown } faults and { $notes-shown } notes
import-all-problems = All…
import-stopped = The import was stopped; nothing was taken in.
export-title = Export
export-to-file = Write to a file…
export-to-folder = Write to a folder…
export-whose = Layers of
export-whose-all = all annotators
export-status = Status
export-status-any = any
export-status-done = only done
export-labels = Labels
export-labels-count = { $count-shown } of { $all-shown }
export-labels-all = All
export-labels-none = None
export-unit = Counted in
export-align = Edges inside tokens
export-nesting = Nested mentions
export-scheme = Tags
export-split = Parts
export-split-none = whole
export-split-other = other…
export-seed = Seed
export-seed-what = the same seed gives the same parts
export-weights = Weights of the parts
export-weights-what = train/test or train/dev/test
export-files = Files
export-files-one = one
export-files-shards = shards
export-files-articles = one an article
export-shard = Articles a shard
export-bare = Keep articles without mentions
export-card = Write a dataset card beside (README.md and dataset.json)
export-counting = { $count ->
    [one] Counting: { $count-shown } record
   *[other] Counting: { $count-shown } records
}
export-stop-counting = Stop counting
export-counts = { $articles ->
    [one] { $articles-shown } article goes out,
   *[other] { $articles-shown } articles go out,
} { $mentions ->
    [one] with { $mentions-shown } mention.
   *[other] with { $mentions-shown } mentions.
}
export-show-problems = What the format could not hold
export-counts-part = Counting was stopped; so far { $articles-shown } articles with { $mentions-shown } mentions.
export-counts-nothing = With this choice nothing goes out.
export-loses = This format does not keep:
export-loses-nothing = Nothing is lost.
job-survey = Reading files
path-title-import-folder = Import a folder
path-title-export-folder = Export to a folder
path-whole-folder = This whole folder
path-into-folder = It is written into this folder; files of the same names are replaced.
path-no-folder-of-name = There is a file of this name; write the name of a folder.

# The folder that mirrors a project
mirror = Mirror folder…
merge = Add a colleague’s work…
merge-title = Add a colleague’s work
merge-what = Articles meet by their text and labels by their name. Nothing of yours is overwritten; everything is taken, or nothing.
merge-look = Look into it
path-title-merge = Whose work? Projects and files
merge-articles-met = { $count ->
    [one] one article is here
   *[other] { $count-shown } articles are here
}
merge-articles-new = { $count ->
    [one] one new article
   *[other] { $count-shown } new articles
}
merge-articles-left = { $count ->
    [one] one article is not here and is left out
   *[other] { $count-shown } articles are not here and are left out
}
merge-articles-differing = { $count ->
    [one] one with another text
   *[other] { $count-shown } with another text
}
merge-layers-taken = { $count ->
    [one] one new layer
   *[other] { $count-shown } new layers
}
merge-layers-updated = { $count ->
    [one] one later layer
   *[other] { $count-shown } later layers
}
merge-layers-same = { $count-shown } the same
merge-layers-earlier = { $count-shown } earlier than what is here
merge-layers-kept = { $count ->
    [one] one differs from what is here, which stays
   *[other] { $count-shown } differ from what is here, which stays
}
merge-annotator = Annotator of the files
merge-annotator-hint = as the file says, else its name
merge-known-only = Leave out articles that are not in this project
merge-realign = { $count ->
    [one] Move the mentions of the article with another text to the text here
   *[other] Move the mentions of { $count-shown } articles with another text to the texts here
}
merge-labels = Labels that this project does not use, and what becomes of them
merge-conflicts = { $count ->
    [one] One thing is not taken as it stands
   *[other] { $count-shown } things are not taken as they stand
}
merge-conflicts-title = What is not taken as it stands
merge-moves = { $count ->
    [one] One mention is moved
   *[other] { $count-shown } mentions are moved
}
merge-moves-title = Mentions that are moved
merge-move = { $article }: { $label } “{ $before }” from { $start-shown }–{ $end-shown } to { $to-start-shown }–{ $to-end-shown }
merge-move-stays = { $article }: { $label } “{ $before }” stays at { $start-shown }–{ $end-shown }
merge-move-changed = { $article }: { $label } “{ $before }” ({ $start-shown }–{ $end-shown }) reads “{ $after }” here; it is not taken
merge-move-gone = { $article }: { $label } “{ $before }” ({ $start-shown }–{ $end-shown }) is gone from the text; it is not taken
merge-nothing = There is nothing new in it.
merge-take = Add
merge-itself = { $path } is this project itself.
merge-stopped = This was stopped; nothing was taken in.
merged = Came in: { $layers-shown } layers, { $articles-shown } new articles.
merged-kept = Came in: { $layers-shown } layers, { $articles-shown } new articles. { $kept-shown } that differ stayed as they were here.
job-merge = Adding a colleague’s work

mirror-title = Mirror folder
mirror-what = Every layer stands in this folder as a file of its own, which git can follow: one file an article and annotator. A file that others have changed is never replaced nor taken in unasked.
mirror-when = A file is written
mirror-never = never
mirror-done = when an article is done
mirror-save = at every save
mirror-folder = Folder (relative to the project's)
mirror-changed = { $count ->
    [one] One file in the mirror folder was changed by others.
   *[other] { $count-shown } files in the mirror folder were changed by others.
}
mirror-file-edited = { $file }
mirror-file-new = { $file } (a layer that the project does not have)
mirror-choice = Taken files become an edit of the layer; what stood there stays in the history.
mirror-look = Look into them…
mirror-take = Take them in
mirror-keep = Put the project’s back
mirror-missing = { $count ->
    [one] One file of the mirror folder is gone.
   *[other] { $count-shown } files of the mirror folder are gone.
}
mirror-rewrite = Make again
mirror-on = The mirror folder is kept up to date from now on.
mirror-off = Nothing is mirrored any more; the files stay.
mirror-taken = { $count ->
    [one] One changed file was taken in.
   *[other] { $count-shown } changed files were taken in.
}
mirror-replaced = { $count ->
    [one] One changed file was replaced.
   *[other] { $count-shown } changed files were replaced.
}
mirror-rewritten = { $count ->
    [one] One file was made again.
   *[other] { $count-shown } files were made again.
}
mirror-failed = The mirror folder is not up to date. { $reason }
mirror-gone = The folder { $path } is gone; nothing was written there.
mirror-other-layer = it is not of the article and the annotator that its name says
mirror-other-text = its text is not that of the article
problems-mirror = What was not taken from the mirror folder

mode-label = Label
mode-review = Review
keys-review = Review
review-take-1 = Take version 1
review-take-2 = Take version 2
review-take-3 = Take version 3
review-take-4 = Take version 4
review-take-5 = Take version 5
review-take-6 = Take version 6
review-take-7 = Take version 7
review-take-8 = Take version 8
review-take-9 = Take version 9
review-nothing = Nothing here
review-boundary = Next choice of boundaries
review-accept = Accept what stands, and on
review-accept-agreed = Accept what all say, and on to the next article
review-next = Next dispute; past the last one, the next article
review-previous = Previous dispute
review-aside = Put aside with a question…
review-reason = Give the reason…
review-reopen = Take the decision back
review-names = Show or hide the annotators’ names
review-like = Decide all like this…
review-article-done = All is decided in this article.
review-all-done = No other article waits for a decision.
review-still-open = A dispute still waits for a decision.
review-nobody = Nobody is done with this article yet.
review-first-dispute = This is the first dispute of the article.
review-nothing-decided = Decide a dispute first: others like it are decided as that one was.
sweep-nothing = There is nothing to decide in the project.
sweep-done = { $count ->
    [one] One dispute
   *[other] { $count-shown } disputes
} decided in { $articles-shown } articles.
sweep-done-and-left = { $done } { $left ->
    [one] One article was left as it is.
   *[other] { $left-shown } articles were left as they are.
}
error-gold-name = This name belongs to what review decides; please take another.
job-disputes = Looking for disputes
job-sweep = Looking through the project

mode-statistics = Statistics
list-comma = ,{" "}
fraction = { $whole-shown }.{ $tenths-shown }{ $hundredths-shown }
review-says = { $surface }: { $label }
review-says-nothing = nothing
review-who-says = { $who }: { $what }
review-name = { $name }
review-row = { $number-shown } { $kind }: { $surface } ({ $state })
review-open = open
review-strip = The dispute and what can be done with it
review-strip-head = { $number-shown } · { $surface }
hint-next = next dispute
hint-boundary = boundaries
hint-reason = reason
hint-reopen = reopen
hint-like = all like this
hint-accept = accept and next
strip-nothing = Nothing
strip-boundary = Boundary
strip-aside = Put aside
review-figure-exact = Exact F1
review-figure-exact-what = How many mentions have the same place and the same label, as F1, in this article.
review-figure-kappa = Token kappa
review-figure-kappa-what = Cohen’s κ over the labels of tokens, those without a label among them, in this article.
review-figure-boundary = Boundary F1
review-figure-boundary-what = How many mentions have the same place, whatever their label, as F1, in this article.
undefined-no-article = There is no article that both have done.
undefined-one-annotator = There is one annotator only: nobody to compare with.
undefined-no-tokens = The text has no words.
undefined-no-mentions = There are no mentions.
undefined-one-category = Everything fell into one category: chance alone explains the agreement.
undefined-nothing-labelled = No word has a label.
undefined-nothing-aligned = No mention of one annotator lies over one of another.
undefined-too-dense = The mentions stand too densely to be compared to the end.
undefined-no-chance = Chance never disagrees here: there is nothing to compare with.
undefined-one-article = There is one article only: drawn again it is always the same.
undefined-few-draws = Too few of the draws had a value.
kind-agreed = Agreed
kind-boundary = Boundary
kind-label = Label
kind-both = Boundary and label
kind-missed = Missed
kind-split = Split
kind-silent = Withdrawn
review-disputes = Disputes
review-count = { $count ->
    [one] One dispute, { $decided-shown } decided
   *[other] { $count-shown } disputes, { $decided-shown } decided
}
review-reopened = changed since
review-put-aside = put aside
review-taken = taken
review-edited = edited
strategy-unanimous = unanimous
strategy-majority = majority
strategy-threshold = by share
strategy-annotator = one annotator
strategy-union = union
strategy-intersection = intersection
reason-guideline-gap = Guideline gap
reason-slip = Slip
reason-boundary-rule = Boundary rule
reason-ambiguous-text = Ambiguous text
reason-title-rule = Title rule
review-taking-blind = { $count ->
    [one] One annotator takes part.
   *[other] { $count-shown } annotators take part.
}
review-taking = Taking part: { $names }
review-show-names = Show names
review-unfinished = { $count ->
    [one] Compare one who is not done
   *[other] Compare { $count-shown } who are not done
}
review-show-all = All
review-show-open = Open
review-show-decided = Decided
review-show-more = Show the others too
review-menu = What the list shows, and strategies
review-only-kind = Only this kind
review-only-label = Only this label
review-only-annotator = Only where this annotator differs
review-strategy = Decide by a strategy…
review-nobody-yet = Nobody has labelled this article yet.
review-nobody-done = Nobody is done with this article yet. Work that is not done can be compared too.
review-filtered = No dispute here is of the kind that the list shows.
review-one = One annotator is done with this article: all of it stands, and what you correct is remembered as a correction.
review-all-agree = All agree on this article.
review-reason-title = Reason
review-reason-asked = Why? Press its number
reason-numbered = { $number-shown } { $reason }
review-question = What is to be asked?
review-question-hint = For the annotators, or for the guideline
reasons = Reasons
reasons-edit = Edit the reasons
reasons-what = Reasons stand in the decisions, in the statistics and in what annotators see of the review. One that is taken off the list stays in the decisions that have it.
reasons-new = New reason
reasons-add = Add
reasons-wording = Wording of “{ $reason }”
reasons-up-one = Move “{ $reason }” up
reasons-down-one = Move “{ $reason }” down
reasons-remove-one = Take “{ $reason }” off the list
strategy-title = Decide by a strategy
strategy-unanimous-what = What all say is gold; the rest stays open.
strategy-majority-what = What more than half say is gold; ties stay open.
strategy-threshold-what = What at least this share say is gold.
strategy-annotator-what = What this annotator says is gold.
strategy-union-what = What anyone says is gold.
strategy-intersection-what = What all say is gold; the rest is nothing.
strategy-share = At least
strategy-whose = What is said by
strategy-choose = choose…
strategy-look = Show what it would decide
sweep-title-like = Decide all like this
sweep-title-strategy = Decide in the whole project
sweep-looking = Looking through the project…
sweep-comes-to = { $count ->
    [one] One dispute
   *[other] { $count-shown } disputes
} would be decided, { $agreed ->
    [one] one agreed mention
   *[other] { $agreed-shown } agreed mentions
} taken, { $finished ->
    [one] one article
   *[other] { $finished-shown } articles
} done.
sweep-refused = { $count ->
    [one] One article cannot be changed: the rules forbid what would stand there.
   *[other] { $count-shown } articles cannot be changed: the rules forbid what would stand there.
}
sweep-apply = Decide all
sweep-place-nothing = nothing
sweep-place = { $surface }: { $what } ({ $article })
sweep-more = { $count ->
    [one] and one more place
   *[other] and { $count-shown } more places
}
feedback-count = { $count ->
    [one] Review changed one place
   *[other] Review changed { $count-shown } places
}
feedback-change = { $own } → { $gold }

date-day-month = { $day-shown } { $month }
date-full = { $day-shown } { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
topic-progress = Progress
topic-progress-remark = Articles finished so far, at the end of each day, by annotator. Finishing an article again counts again.
topic-progress-none = No article has been finished yet.
topic-status = How far each annotator is
topic-status-remark = Each bar is all { $articles-shown } articles of the project; those an annotator never opened are new.
topic-labels = Mentions by label and annotator
topic-labels-remark = { $mentions-shown } mentions in all, finished articles or not. Merged labels count as the one they went to.
topic-labels-none = Nobody has labelled anything yet.
topic-agreement = Agreement between annotators
topic-agreement-remark = F1 of mentions with the same span and the same label, over the articles that both have finished ({ $articles-shown } were finished by two or more). 1 is full agreement.
topic-agreement-one = There are not two annotators yet: with one alone there is nothing to compare.
topic-agreement-none = No article has been finished by two annotators yet.
topic-confusion = What is taken for what
topic-confusion-remark = A row is what the first annotator says, a column what the second says of the same place. “Nothing” is a mention the other does not have. Along the diagonal the labels agree, whatever the edges.
topic-articles = Most disputed articles
topic-articles-remark = Annotators differ on { $disputed-shown } of { $places-shown } places, in the articles that two or more have finished.
topic-articles-none = Annotators differ nowhere.
topic-surfaces = Most disputed names
topic-surfaces-remark = Places on which annotators differ, by their words (ي and ی, digits, marks and half-spaces aside), with how often each label was given there.
topic-surfaces-remark-rough = Places on which annotators differ, by their words, with how often each label was given there. There are so many that rare ones were dropped; their counts can be low.
topic-time = Time per article
topic-time-remark = The time between two acts of an annotator counts for the article of the later one; more than five minutes is a pause and does not count. The box holds the middle half of the articles, the line in it is the median.
topic-time-none = No article has been labelled and finished in this program yet.
topic-reasons = Reasons of decisions
topic-reasons-remark = What adjudicators gave as the reason for a decision. “Guideline gap” is a list of what the guideline does not say yet.
topic-reasons-none = Nothing has been decided yet.
label-nothing = nothing
reason-none = without a reason
pair-names = { $first } and { $second }
all-annotators = all annotators
progress-point = { $annotator }: { $count-shown } finished by { $date }
label-count = { $label }, { $annotator }: { $count-shown }
agreement-cell = { $pair }: F1 { $f1 } in { $articles-shown } articles
agreement-no-article = { $pair } have finished no article in common.
agreement-no-mentions = { $pair } have labelled nothing in the articles they have in common.
confusion-columns = { $annotator } says
confusion-cell = { $first }: { $one } — { $second }: { $other } — { $count-shown } times
confusion-cases = { $first }: { $one } — { $second }: { $other }
disputed-article = { $disputed-shown } of { $places-shown } places
time-row = { $annotator }: median { $median }, middle half { $lower } to { $upper }, shortest { $least }, longest { $most }, { $articles-shown } articles
time-unit = minutes
report-lead = { $articles-shown } articles · { $annotators-shown } annotators · { $mentions-shown } mentions
report-table = In numbers
report-more-rows = and { $count-shown } rows more
report-made-by = Made by Barchasb { $version }
column-annotator = Annotator
column-annotators = Annotators
column-articles = Articles
column-article = Article
column-count = Count
column-day = Day
column-disputed = Disputed
column-done = Finished
column-in_progress = In progress
column-end = End
column-f1 = F1
column-first = First
column-first_label = Says the first
column-first_mentions = Mentions of the first
column-flagged = Flagged
column-label = Label
column-labels = Labels
column-least = Shortest
column-lower_quartile = Lower quartile
column-median = Median
column-mentions = Mentions
column-most = Longest
column-new = New
column-places = Places
column-question = Question
column-reason = Reason
column-same = The same
column-second = Second
column-second_label = Says the second
column-second_mentions = Mentions of the second
column-start = Start
column-surface = Words
column-upper_quartile = Upper quartile
statistics-key-close = back to the article
statistics-reading = Counting: { $articles-shown } articles so far…
statistics-stale = Something was saved since this was counted.
statistics-renew = Count again
statistics-page = Report as a page
statistics-csv = Keep the numbers as a CSV file beside the project
statistics-svg = Keep the picture as an SVG file beside the project
statistics-png = Keep the picture as a PNG file beside the project
statistics-image-again = The card was not wholly in view; it is now: press once more.
statistics-image-large = The card is larger than the window: make the window larger, or keep the SVG.
statistics-kept = Written to { $path }.
statistics-failed = This could not be written. { $reason }
statistics-more-places = and { $count-shown } more
