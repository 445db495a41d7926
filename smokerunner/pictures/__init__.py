"""All that is done to pictures: compare, outline, contact sheets, animations. The only room that knows Pillow."""
