"""Who did what, when."""

import logging

log = logging.getLogger(__name__)


def audited(func):
    """Leaves a line in the log for every call."""

    def wrapper(*args, **kwargs):
        log.info("%s%r", func.__name__, args)
        return func(*args, **kwargs)

    return wrapper
