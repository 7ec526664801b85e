"""The pages that mails lead to, and the one on which following begins. Nothing changes on GET or HEAD: mail scanners open
links. None needs a cookie: who holds a token from a mail has read that mail."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import iri_to_uri
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import Article
from articles.reading import article_without_text
from comments.models import Address, Following
from comments.notices import following as verbs
from comments.notices import tokens
from comments.notices.forms import FollowForm, PaceForm
from comments.posting import RateLimited, closed_because, is_seen
from site_config.lib.network import client_address
from site_config.lib.origin import is_foreign
from site_config.mail.smtp import is_on

ELSEWHERE = "This form was sent from another site’s page. Look at it, and send it from here."
ONE_CLICK = "List-Unsubscribe"


def from_a_mail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For addresses with a token: kept nowhere, told to no other site, and open to a POST without a cookie."""

    @wraps(view)
    def shown(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Referrer-Policy", "same-origin")
        return answer

    return csrf_exempt(never_cache(require_http_methods(["GET", "HEAD", "POST"])(shown)))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Following a conversation without a word in it."""
    article = article_without_text(pk) if pk < 2**63 else None
    if article is None or not is_seen(article) or not is_on():
        raise Http404
    form = FollowForm(request.POST if request.method == "POST" else None, action=f"{request.path}#main")
    if closed := closed_because(article):
        return page(request, "follow", article=article, closed=closed, status=403 if request.method == "POST" else 200)
    if request.method != "POST":
        return page(request, "follow", article=article, form=form)
    if is_foreign(request):
        form.add_error(None, ELSEWHERE)
    if not form.is_valid():
        return page(request, "follow", article=article, form=form, status=403 if is_foreign(request) else 400)
    return begin(request, article, form)


def begin(request: HttpRequest, article: Article, form: FollowForm) -> HttpResponse:
    """The same page whatever is known of the address. Who filled in what people cannot see gets it too, and no mail."""
    email, pace = form.cleaned_data["email"], form.cleaned_data["pace"]
    if not form.cleaned_data["website"]:
        try:
            verbs.follow(article, email=email, pace=pace, address=client_address(request))
        except RateLimited as refusal:
            form.add_error(None, str(refusal))
            return page(request, "follow", article=article, form=form, status=refusal.status)
    return page(request, "follow", article=article, asked=email)


@from_a_mail
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the first mail: a page that asks, and its button."""
    try:
        pk, is_late = tokens.confirmed(token), False
    except tokens.Expired as late:
        pk, is_late = int(str(late.value)), True
    if pk is None:
        return page(request, "confirm", trouble="broken", status=404)
    following = Following.objects.select_related("address", "article", "written").filter(pk=pk).first()
    if following is None or (is_late and not following.confirmed_at):
        return page(request, "confirm", trouble="late", following=following, status=410)
    if request.method == "POST":
        if is_foreign(request):
            return page(request, "confirm", following=following, error=ELSEWHERE, status=403)
        verbs.confirm(following)
        following.refresh_from_db()
    manage = tokens.stop_token(following.address_id, [following.pk]) if following.confirmed_at else ""
    return page(request, "confirm", following=following, manage=manage, is_done=request.method == "POST")


@from_a_mail
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """What an address follows, and how to stop it; a mail program's one click is a POST to here (RFC 8058)."""
    named = tokens.stopped(token)
    if named is None:
        return page(request, "mail", trouble="broken", status=404)
    address = Address.objects.filter(pk=named.address).first()
    if request.method == "POST" and ONE_CLICK in request.POST:
        if address and not address.stopped_at:
            verbs.stop(address, named.followings)
        return HttpResponse("You get no more of these mails.\n", content_type="text/plain; charset=utf-8")
    if address is None:
        return page(request, "mail")
    if request.method != "POST":
        return managed(request, address, named)
    if is_foreign(request):
        return managed(request, address, named, error=ELSEWHERE, status=403)
    return act(request, address, named)


def act(request: HttpRequest, address: Address, named: tokens.Stop) -> HttpResponse:
    """Does what the button says. A form that says nothing we know changes nothing."""
    done, form = request.POST.get("do", ""), None
    if done == "pace":
        form = PaceForm(request.POST)
        if not form.is_valid():
            return managed(request, address, named, form=form, status=400)
        verbs.set_pace(address, pace=form.cleaned_data["pace"])
    elif done == "these":
        verbs.stop(address, named.followings)
    elif done.startswith("one-") and done[4:].isascii() and done[4:].isdigit() and len(done) < 20:
        verbs.stop(address, (int(done[4:]),))
    elif done in {"all", "never", "allow"}:
        {"all": verbs.stop, "never": verbs.never_again, "allow": verbs.allow_again}[done](address)
    else:
        done = ""
    kept = Address.objects.filter(pk=address.pk).first()
    if kept is None:
        return page(request, "mail", done=done)
    return managed(request, kept, named, done=done)


def managed(request: HttpRequest, address: Address, named: tokens.Stop, *, form: PaceForm | None = None, status=200, **more):
    followings = list(address.followings.exclude(confirmed_at=None).select_related("article").order_by("pk"))
    about = [one for one in followings if one.pk in named.followings]
    context = {
        "address": address,
        "masked": masked(address.email),
        "followings": followings,
        "about": about if len(about) < len(followings) else [],
        "form": form or PaceForm(initial={"pace": address.pace}),
    }
    return page(request, "mail", status=status, **context, **more)


def masked(email: str) -> str:
    """Enough for who owns it: a mail may have been passed on."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if domain else ""


def page(request: HttpRequest, name: str, *, status: int = 200, **context) -> HttpResponse:
    action = iri_to_uri(request.path)
    return render(request, f"comments/{name}.html", {"action": action, **context}, status=status)
