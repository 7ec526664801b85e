from django.urls import path

from comments import views

urlpatterns = [
    path("fresh/", views.fresh, name="comment_fresh"),
    path("on/<int:pk>/", views.on_article, name="comment_on"),
    path("<int:pk>/", views.comment, name="comment"),
    path("<int:pk>/reply/", views.reply, name="comment_reply"),
]
