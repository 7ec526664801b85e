from django.urls import path

from comments import own_views, report_views, views
from comments.notices import deciding
from comments.notices import views as notices
from comments.queue import feed

urlpatterns = [
    path("fresh/", views.fresh, name="comment_fresh"),
    path("on/<int:pk>/", views.on_article, name="comment_on"),
    path("on/<int:pk>/passages/", views.paragraphs, name="comment_passages"),
    path("on/<int:pk>/follow/", notices.follow, name="comment_follow"),
    path("follow/<str:token>/", notices.confirm, name="follow_confirm"),
    path("mail/<str:token>/", notices.manage, name="follow_manage"),
    path("decide/<str:token>/", deciding.decide, name="comment_decide"),
    path("<int:pk>/", views.comment, name="comment"),
    path("<int:pk>/reply/", views.reply, name="comment_reply"),
    path("<int:pk>/edit/", own_views.edit, name="comment_edit"),
    path("<int:pk>/delete/", own_views.delete, name="comment_delete"),
    path("<int:pk>/report/", report_views.report_comment, name="comment_report"),
    path("queue/<str:token>.atom", feed.feed, name="comment_queue_feed"),
]
