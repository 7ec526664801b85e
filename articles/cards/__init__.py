"""The picture that stands for an article where its address is shared: 1200 by 630, drawn by the site itself.

`faces` knows the fonts, `setting` breaks and fits lines, `drawing` is the design; none of them knows a model. `keeping`
draws the card of an article when it has to be another, and keeps it.
"""
