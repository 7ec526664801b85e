"""Where readers write, and where a comment's own address leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from articles.reading import article_without_text
from comments import markup, origin, passages, threads, tokens
from comments.absence import NOWHERE, absence_of
from comments.fields import TRAP
from comments.forms import CommentForm
from comments.models import Comment
from comments.notices import following
from comments.outage import keeps_text
from comments.posting import BadParent, Posted, Refused, closed_because, is_seen, post_comment, refuse_closed
from comments.render import safe
from site_config import pages
from site_config.lib.answers import SeeOther
from site_config.lib.network import client_address
from site_config.pages.views import staff_of

ELSEWHERE = "This form was sent from another site’s page. Look at what you wrote, and post it from here."
NOT_OURS = "This form was not made for this place. Look at what you wrote, and post it from here."
SIGNED_OUT = (
    "You are not signed in any more, so this cannot be posted as staff. What you wrote is below: copy it, sign in, and post it "
    "from the article’s page. Or write a name here, and post it as a reader."
)
PARENT_GONE = "The comment that you are answering is no longer there. You can post yours as a new comment instead."


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def on_article(request: HttpRequest, pk: int) -> HttpResponse:
    """A new comment on an article."""
    return write(request, article_for(pk), None)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_text
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer to a comment."""
    parent = Comment.objects.filter(pk=pk).first()
    article = article_for(parent.article_id) if parent else None
    if parent is None or article is None or parent.state == Comment.State.VISIBLE:
        return write(request, article, parent)
    if request.method != "POST":
        return gone(request, article, **absence_of(parent, is_public=True)._asdict())
    return orphaned(request, article, origin.proven_staff(request))


@never_cache
@require_safe
def paragraphs(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a reader without script chooses the paragraph that a comment is about."""
    article = article_for(pk)
    if article is None or not is_seen(article):
        return gone(request, article, status=410 if article and article.withdrawn_at else 404)
    context = {"article": article, "closed": closed_because(article), "choices": passages.choices(article)}
    return render(request, "comments/passages.html", context)


@never_cache
@require_safe
def fresh(request: HttpRequest) -> HttpResponse:
    """A token of this moment, for a form in a kept page whose writing begins now."""
    return JsonResponse({"fresh": tokens.fresh_token()})


@pages.page()
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """A comment's own address leads to where it stands now. Four queries at most."""
    found = Comment.objects.select_related("article").filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        pages.depends(request, "site", "lists")
        return gone(request, None, **absence_of(None, is_public=False)._asdict())
    pages.depends(request, "site", f"article:{found.article_id}")
    is_public = is_seen(found.article)
    if is_public and found.shown:
        return HttpResponseRedirect(threads.address(found))
    return gone(request, found.article, **absence_of(found, is_public=is_public)._asdict())


def article_for(pk: int) -> Article | None:
    return article_without_text(pk) if pk < 2**63 else None


def gone(
    request: HttpRequest,
    article: Article | None,
    *,
    status: int,
    heading: str = NOWHERE.heading,
    sentence: str = NOWHERE.sentence,
) -> HttpResponse:
    """A page for what is not there, which gives back what was typed."""
    link = article if article and article.is_live else None
    context = {"article": link, "kept": request.POST.get("text", ""), "code": status, "title": heading, "sentence": sentence}
    return render(request, "comments/gone.html", context, status=status)


def write(request: HttpRequest, article: Article | None, parent: Comment | None) -> HttpResponse:
    """Guard, form, verb, answer; whatever goes wrong, the form comes back with what was typed."""
    if article is None or not is_seen(article):
        return gone(request, article, status=410 if article and article.withdrawn_at else 404)
    staff = staff_of(request) if request.method != "POST" else origin.proven_staff(request)
    form = form_for(request, article, parent, staff)
    if request.method != "POST":
        return page(request, article, parent, form)
    status = 403 if refuse_stranger(request, form, article, parent) else 400
    if staff is None and was_of_staff(request) and form.errors.pop("name", None):
        form.add_error("name", SIGNED_OUT)
    if "preview" in request.POST or not form.is_valid():
        return not_posted(request, article, parent, form, status)
    try:
        posted = post(request, article, parent, form, staff)
    except BadParent:
        return orphaned(request, article, staff)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return page(request, article, parent, form, status=refusal.status)
    return see_own(posted.comment)


def not_posted(request: HttpRequest, article: Article, parent: Comment | None, form: CommentForm, status: int) -> HttpResponse:
    """The form with its errors or its preview. Closed by now, it says that alone: there is no use in mending it."""
    try:
        refuse_closed(article)
    except Refused as refusal:
        form.errors.clear()
        form.add_error(None, str(refusal))
        return page(request, article, parent, form, status=refusal.status)
    if not form.is_valid():
        return page(request, article, parent, form, status=status)
    return page(request, article, parent, form, preview=markup.to_html(form.cleaned_data["text"]))


def form_for(request: HttpRequest, article: Article, parent: Comment | None, staff) -> CommentForm:
    address = reverse("comment_reply", args=[parent.pk]) if parent else reverse("comment_on", args=[article.pk])
    made_now = {"token": tokens.form_token(article.pk, parent.pk if parent else None), "fresh": tokens.fresh_token()}
    if not parent and request.method != "POST" and "passage" in request.GET:
        made_now["passage"] = passages.chosen(article, request.GET["passage"])
    data = request.POST if request.method == "POST" else None
    kind = "reply" if parent else "comment"
    return CommentForm(data, action=f"{address}#main", kind=kind, staff=staff, level=2, initial=made_now)


def was_of_staff(request: HttpRequest) -> bool:
    """Whether the form was made for somebody signed in: only such a one has Django's token, and no field for a name."""
    return "csrfmiddlewaretoken" in request.POST and "name" not in request.POST


def refuse_stranger(request: HttpRequest, form: CommentForm, article: Article, parent: Comment | None) -> bool:
    """Adds an error to a form that another site sent, or whose token is not for this place."""
    if origin.is_foreign(request):
        form.add_error(None, ELSEWHERE)
    elif not tokens.is_form_token(request.POST.get("token", ""), article.pk, parent.pk if parent else None):
        form.add_error(None, NOT_OURS)
    else:
        return False
    return True


def orphaned(request: HttpRequest, article: Article, staff) -> HttpResponse:
    """What was typed in answer to a comment that is gone, in a form that posts it as a new one."""
    if not is_seen(article):
        return write(request, article, None)
    form = form_for(request, article, None, staff)
    form.add_error(None, PARENT_GONE)
    return page(request, article, None, form, status=BadParent.status)


def post(request: HttpRequest, article: Article, parent: Comment | None, form: CommentForm, staff) -> Posted:
    cleaned = form.cleaned_data
    posted = post_comment(
        article,
        parent=parent,
        name=cleaned.get("name", ""),
        text=cleaned["text"],
        email=cleaned.get("email", ""),
        address=client_address(request),
        user=staff,
        seconds=tokens.seconds_since(cleaned["fresh"]) if cleaned["fresh"] else None,
        honeypot=bool(cleaned[TRAP]),
        anchor=passages.take(article, cleaned["passage"]) if cleaned.get("passage") else None,
    )
    following.begin(posted.comment, cleaned, address=client_address(request))
    return posted


def see_own(comment: Comment) -> HttpResponse:
    """303 to the comment at its place, with the token that lets its writer see it while it waits."""
    return SeeOther(threads.address(comment, own=tokens.own_token(comment.pk)))


def page(
    request: HttpRequest, article: Article, parent: Comment | None, form: CommentForm, *, status: int = 200, preview: str = ""
) -> HttpResponse:
    """The page on which one writes: errors or preview, what is answered, the form."""
    form.renew()
    context = {
        "article": article,
        "parent": parent,
        "form": form,
        "closed": closed_because(article),
        "preview": safe(preview),
        "lost": request.method != "POST" and "passage" in request.GET and not form.initial.get("passage"),
    }
    return render(request, "comments/write.html", context, status=status)
