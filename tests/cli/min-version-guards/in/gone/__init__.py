import sysconfig

if not getattr(sysconfig, "_SHOP_USES_SYSCONFIG", True):
    from . import old_scheme


def is_patched():
    from distutils.command.install import INSTALL_SCHEMES

    return "unix_local" in INSTALL_SCHEMES
