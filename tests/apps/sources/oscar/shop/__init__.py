"""The smallest project that django-oscar runs in."""
