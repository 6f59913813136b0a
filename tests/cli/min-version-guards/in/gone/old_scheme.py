from distutils.command.install import SCHEME_KEYS
