from shop.mail import send  # dunderlint: ignore[circular-import]  the mail comes first

TITLE = "Report"
