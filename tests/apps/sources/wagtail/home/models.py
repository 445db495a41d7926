"""One kind of page, with rich text and a picture."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """A page of the site."""

    body = RichTextField(blank=True)
    hero = models.ForeignKey("wagtailimages.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("hero")]  # noqa: RUF012
