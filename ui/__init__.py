"""The browser interface: one module per page, pure HTML renderers in render.py, texts in i18n.py."""
