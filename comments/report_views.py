"""Where readers report a comment: a page of its own that needs no script."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments import origin, tokens
from comments.absence import absence_of
from comments.fields import NUL, TRAP, UNREADABLE, TokenField, TrapField
from comments.models import Comment, Report
from comments.posting import is_seen
from comments.reporting import LONGEST_WORDS, NotThere, TooManyReports, report
from comments.views import article_for, gone
from site_config.lib.network import client_address
from site_config.lib.text import one_line

ELSEWHERE = "This form was sent from another site’s page. Look at what you chose, and send it from here."
NOT_OURS = "This form was not made for this comment. Look at what you chose, and send it from here."


class ReportForm(forms.Form):
    """Why a comment should be looked at, and a few words if the reader has any."""

    reason = forms.ChoiceField(
        label="What is wrong with it",
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is wrong with the comment.",
            "invalid_choice": "Choose one of the five reasons.",
        },
    )
    words = forms.CharField(
        required=False,
        label="In your words",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_WORDS}),
        help_text=f"Only the moderators read this. Up to {LONGEST_WORDS} characters.",
        error_messages={
            "max_length": "Shorten this: it has %(show_value)d characters, and %(limit_value)d is the most.",
            NUL: UNREADABLE,
        },
    )
    website = TrapField()
    token = TokenField()

    def __init__(self, *args, comment: Comment, **kwargs) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = f"{reverse('comment_report', args=[comment.pk])}#main"
        self.helper.form_class = "form"
        self.helper.attrs = {"aria-labelledby": "write", "novalidate": True}
        self.helper.disable_csrf = True
        self.helper.heading = "Your report"
        self.helper.heading_level = 2
        self.helper.errors_apart = True
        self.helper.add_input(Submit("send", "Send the report"))

    def clean_words(self) -> str:
        return one_line(self.cleaned_data["words"])

    def renew(self) -> None:
        """Makes a form that goes back to its reader one that can be sent."""
        if self.is_bound:
            self.data = self.data.copy()
            self.data["token"] = self.initial["token"]


@csrf_exempt  # the form's own token is checked, and no session gives a reader any right
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks what is wrong; POST thanks for the report, whether it is new or known. Whose comment readers
    cannot see any more is told only that it is known."""
    comment = Comment.objects.filter(pk=pk).first()
    article = article_for(comment.article_id) if comment else None
    is_public = article is not None and is_seen(article)
    is_shown = comment is not None and comment.state == Comment.State.VISIBLE
    if comment is None or article is None or not is_public or not (is_shown or request.method == "POST"):
        return gone(request, article, **absence_of(comment, is_public=is_public)._asdict())
    if not is_shown:
        return thanks(request, article, is_known=True)
    form = form_for(request, comment)
    if request.method != "POST":
        return page(request, comment, article, form)
    status = 403 if refuse_stranger(request, form, comment) else 400
    if not form.is_valid():
        return page(request, comment, article, form, status=status)
    if form.cleaned_data[TRAP]:  # no person fills this in: thanked like anybody, and nothing is kept
        return thanks(request, article, is_known=False)
    try:
        done = report(
            comment,
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            address=client_address(request),
        )
    except NotThere:
        return thanks(request, article, is_known=True)
    except TooManyReports as error:
        form.add_error(None, str(error))
        return page(request, comment, article, form, status=429)
    return thanks(request, article, is_known=not done.created)


def form_for(request: HttpRequest, comment: Comment) -> ReportForm:
    made_now = {"token": tokens.form_token(comment.article_id, comment.pk)}
    return ReportForm(request.POST if request.method == "POST" else None, comment=comment, initial=made_now)


def refuse_stranger(request: HttpRequest, form: ReportForm, comment: Comment) -> bool:
    """Adds an error to a form that another site sent, or whose token is not for this comment."""
    if origin.is_foreign(request):
        form.add_error(None, ELSEWHERE)
    elif not tokens.is_form_token(request.POST.get("token", ""), comment.article_id, comment.pk):
        form.add_error(None, NOT_OURS)
    else:
        return False
    return True


def page(request: HttpRequest, comment: Comment, article, form: ReportForm, *, status: int = 200) -> HttpResponse:
    form.renew()
    return render(request, "comments/report.html", {"comment": comment, "article": article, "form": form}, status=status)


def thanks(request: HttpRequest, article, *, is_known: bool) -> HttpResponse:
    return render(request, "comments/reported.html", {"article": article, "is_known": is_known})
