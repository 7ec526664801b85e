"""The site's post: every mail is a row first, written with the act that wants it, and handed over by the job runner.

`queueing.post()` queues a mail of the site's own, `smtp.is_on()` says whether there is a mail server at all. What Django and
allauth send comes through `backend.QueueBackend`.
"""
