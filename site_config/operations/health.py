"""What a load balancer, a monitor and Prometheus ask."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from site_config.operations import metrics, readiness

PLAIN = "text/plain; charset=utf-8"


def unindexed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        response = view(request)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answered


@unindexed
@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all."""
    return HttpResponse("alive\n", content_type=PLAIN)


@unindexed
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if nothing is missing that readers need, else 503; with a line for each thing that was looked at."""
    signs = readiness.signs()
    is_ready = not any(sign.trouble and sign.is_needed for sign in signs)
    lines = ["ready" if is_ready else "not ready", *map(str, signs)]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type=PLAIN, status=200 if is_ready else 503)


@unindexed
@never_cache
def figures(request: HttpRequest) -> HttpResponse:
    """The metrics, for who sends METRICS_TOKEN. Without such a setting there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not is_permitted(request.headers.get("Authorization", "")):
        words = "Send the header Authorization: Bearer, with the value of MASTHEAD_METRICS_TOKEN.\n"
        return HttpResponse(words, content_type=PLAIN, status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    return show(request)


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(metrics.text(metrics.collect()), content_type=metrics.CONTENT_TYPE)


def is_permitted(authorization: str) -> bool:
    """Takes the same time however much of the token is right."""
    scheme, _, token = authorization.strip().partition(" ")
    is_right = hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return is_right and scheme.lower() == "bearer"
