"""Telling people by mail what is said: readers who follow, moderators on their rounds, writers who are left a note.

`following` begins and ends a following, `fanning` notes whom a comment is to be told to, `digests` writes their mails,
`rounds` the moderators'. Nothing is sent from here: letters go to `site_config.mail`.
"""
