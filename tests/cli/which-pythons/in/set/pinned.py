import imp
import distutils
