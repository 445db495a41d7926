"""The only room that touches Playwright: find, launch, page, capture."""
