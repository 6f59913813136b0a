from shop.reports import TITLE


def send(): ...
