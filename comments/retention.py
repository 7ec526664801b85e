"""What is kept of where a comment came from, and for how long."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from comments.models import Comment, Report

KEPT = timedelta(days=30)


def forget_networks() -> int:
    """Erases the network's hash, and the fingerprint made with it, from comments and reports older than KEPT; how many."""
    Report.objects.filter(at__lt=timezone.now() - KEPT).exclude(network="").update(network="")
    old = Comment.objects.filter(created_at__lt=timezone.now() - KEPT)
    return old.exclude(network="", fingerprint=None).update(network="", fingerprint=None)
