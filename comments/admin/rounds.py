"""How often a moderator wants to be told by mail: everybody's own, and nobody else's."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from comments.admin.looking import ForModerators
from comments.models import Rounds
from comments.notices.forms import RoundsForm
from site_config.mail.smtp import is_on


@admin.register(Rounds)
class RoundsAdmin(ForModerators, admin.ModelAdmin):
    def get_urls(self) -> list:
        return [path("", self.admin_site.admin_view(self.own), name="comments_rounds_changelist")]

    def own(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied("Notices are for those who moderate.")
        rounds = Rounds.objects.filter(user=request.user).first() or Rounds()
        form = RoundsForm(request.POST if request.method == "POST" else None, initial={"pace": rounds.pace})
        if form.is_valid():
            Rounds.objects.update_or_create(user=request.user, defaults={"pace": form.cleaned_data["pace"]})
            messages.success(request, "Kept.")
            return HttpResponseRedirect(request.path)
        context = {**self.admin_site.each_context(request), "title": "Notices by mail", "form": form, "opts": Rounds._meta}
        context |= {"email": request.user.email, "mail_is_on": is_on()}
        return render(request, "admin/comments/rounds.html", context, status=400 if form.errors else 200)
