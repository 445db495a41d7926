"""Four books in a warehouse, and an administrator."""

import os

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sites.models import Site  # noqa: E402
from oscar.core.loading import get_model  # noqa: E402

TITLES = ("The Staging Manual", "Deploy on Friday", "Refactoring Fear", "Quiet Releases")

host = os.environ["APP_URL"].removeprefix("http://")
Site.objects.update_or_create(pk=1, defaults={"domain": host, "name": "Lab Shop"})
User.objects.create_superuser("admin", "admin@lab.test", "Admin-pass-123")
book = get_model("catalogue", "ProductClass").objects.create(name="Book", requires_shipping=True, track_stock=True)
books = get_model("catalogue", "Category").add_root(name="Books")
warehouse = get_model("partner", "Partner").objects.create(name="Warehouse")
for number, title in enumerate(TITLES):
    product = get_model("catalogue", "Product").objects.create(
        title=title,
        upc=f"98765{number}",
        product_class=book,
        description=f"<p>{title}: a book about shipping software.</p>",
    )
    product.categories.add(books)
    get_model("partner", "StockRecord").objects.create(
        product=product,
        partner=warehouse,
        partner_sku=f"SKU{number}",
        price=10 + number * 4.5,
        price_currency="EUR",
        num_in_stock=5000,
    )
