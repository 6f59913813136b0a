def both(work):
    try:
        work()
    except* ValueError:
        pass
    except* TypeError:
        pass
