"""Whether the app's cookies are kept from those whom they are not for."""
