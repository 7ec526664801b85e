"""Which articles show which pictures. The rows of ImageUse are the truth: what has one is not deleted."""

from __future__ import annotations

from articles import richtext
from articles.models import Article, Image, ImageUse


def note_uses(article: Article) -> None:
    """Writes down the pictures of what readers see, of the change that is due, and of the newest revision.

    For each verb that moves one of the three, in its transaction, once the article's columns are set. One query where
    nothing moved. Pictures that begin to be used are locked first: nobody deletes them meanwhile.
    """
    noted = set(ImageUse.objects.filter(article=article).values_list("image_id", flat=True))
    wanted = worked_on(article)
    if wanted == noted:
        return
    wanted |= images_in({"image": article.image_id, "body": article.body})
    if gone := noted - wanted:
        ImageUse.objects.filter(article=article, image_id__in=gone).delete()
    if new := wanted - noted:
        there = Image.objects.select_for_update().filter(pk__in=new).order_by("pk").values_list("pk", flat=True)
        uses = [ImageUse(article=article, image_id=pk) for pk in there]
        ImageUse.objects.bulk_create(uses, ignore_conflicts=True)


def worked_on(article: Article) -> set[int]:
    """The ids that its newest and its due revision name, of pictures in the library or gone."""
    return {pk for revision in (article.newest, article.due) if revision is not None for pk in images_in(revision.data)}


def images_in(data: dict) -> set[int]:
    """Those of a revision's data: the lead image and those in the body."""
    lead = {data["image"]} if data.get("image") else set()
    return richtext.image_ids(data.get("body") or "") | lead
