//! Which calls are known to be expensive. Exact names, never prefixes of packages: `requests.get`
//! goes to the network, `requests.utils.urlparse` does not.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

/// How expensive a call is, cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CostLevel {
    /// Computes much.
    Work,
    /// Reads or writes files.
    Io,
    /// Leaves the process: network, subprocess, database; or sleeps, or loads a model.
    External,
}

impl CostLevel {
    /// What it means, to end a sentence: "`x` …".
    pub fn says(self) -> &'static str {
        match self {
            CostLevel::Work => "takes long where there is much",
            CostLevel::Io => "reads or writes files",
            CostLevel::External => "leaves the process or waits",
        }
    }
}

/// The cost of calling an absolute dotted name; `None` for what is cheap or not known.
pub fn cost_of(name: &str) -> Option<CostLevel> {
    let find = |table: &[&str]| table.binary_search(&name).is_ok();
    if find(IO) {
        Some(CostLevel::Io)
    } else if find(EXTERNAL) {
        Some(CostLevel::External)
    } else {
        None
    }
}

/// Whether anything expensive has this as the last part of its name: a look before the name is
/// written out.
pub(super) fn may_cost(last: &str) -> bool {
    static LASTS: OnceLock<FxHashSet<&'static str>> = OnceLock::new();
    let last_part = |name: &&'static str| name.rsplit('.').next().unwrap_or(name);
    let lasts = LASTS.get_or_init(|| IO.iter().chain(EXTERNAL).map(last_part).collect());
    lasts.contains(last)
}

/// The cost of calling a builtin.
pub(super) fn cost_of_builtin(name: &str) -> Option<CostLevel> {
    (name == "open").then_some(CostLevel::Io)
}

/// Whether a top-level module is of the standard library, as far as calls into it are many: what
/// is not in the list is only looked up once more when the project is linked. Sorted.
pub(super) fn is_standard_library(top: &str) -> bool {
    COMMON_MODULES.binary_search(&top).is_ok()
}

const COMMON_MODULES: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "base64",
    "binascii",
    "bisect",
    "builtins",
    "calendar",
    "codecs",
    "collections",
    "colorsys",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "ctypes",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "dis",
    "email",
    "enum",
    "errno",
    "fnmatch",
    "fractions",
    "functools",
    "gc",
    "getpass",
    "glob",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "math",
    "mimetypes",
    "multiprocessing",
    "numbers",
    "operator",
    "os",
    "pathlib",
    "pickle",
    "pkgutil",
    "platform",
    "posixpath",
    "pprint",
    "queue",
    "random",
    "re",
    "reprlib",
    "secrets",
    "select",
    "selectors",
    "shlex",
    "shutil",
    "signal",
    "site",
    "socket",
    "sqlite3",
    "ssl",
    "stat",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "sysconfig",
    "tarfile",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "token",
    "tokenize",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "xml",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];

/// Sorted.
const IO: &[&str] = &[
    "bz2.open",
    "codecs.open",
    "configparser.ConfigParser.read",
    "gzip.open",
    "importlib.metadata.distribution",
    "importlib.metadata.distributions",
    "importlib.metadata.entry_points",
    "importlib.metadata.files",
    "importlib.metadata.metadata",
    "importlib.metadata.version",
    "io.open",
    "json.load",
    "lzma.open",
    "os.listdir",
    "os.open",
    "os.scandir",
    "os.walk",
    "pickle.load",
    "pkgutil.get_data",
    "shutil.copyfile",
    "shutil.copytree",
    "shutil.rmtree",
    "tarfile.open",
    "tempfile.NamedTemporaryFile",
    "tempfile.TemporaryDirectory",
    "tempfile.TemporaryFile",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
    "tomllib.load",
    "yaml.load",
    "yaml.safe_load",
    "zipfile.ZipFile",
];

/// Sorted.
const EXTERNAL: &[&str] = &[
    "hashlib.pbkdf2_hmac",
    "hashlib.scrypt",
    "httpx.delete",
    "httpx.get",
    "httpx.head",
    "httpx.patch",
    "httpx.post",
    "httpx.put",
    "httpx.request",
    "joblib.load",
    "numpy.load",
    "numpy.loadtxt",
    "os.popen",
    "os.system",
    "pandas.read_csv",
    "pandas.read_excel",
    "pandas.read_feather",
    "pandas.read_hdf",
    "pandas.read_json",
    "pandas.read_parquet",
    "pandas.read_pickle",
    "pandas.read_sql",
    "psycopg.connect",
    "psycopg2.connect",
    "requests.delete",
    "requests.get",
    "requests.head",
    "requests.options",
    "requests.patch",
    "requests.post",
    "requests.put",
    "requests.request",
    "smtplib.SMTP",
    "socket.create_connection",
    "socket.getaddrinfo",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "sqlite3.connect",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "subprocess.run",
    "time.sleep",
    "torch.cuda.synchronize",
    "torch.load",
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
];

/// Methods of `pathlib.Path` that touch the disk for real (a `stat` is cheap enough). Sorted.
pub(super) const PATH_METHODS: &[&str] =
    &["glob", "iterdir", "open", "read_bytes", "read_text", "rglob", "write_bytes", "write_text"];

/// Methods that are expensive whatever has them. Sorted.
pub(super) const METHODS: &[&str] = &["from_pretrained"];

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_sorted() {
        for table in
            [super::IO, super::EXTERNAL, super::PATH_METHODS, super::METHODS, super::COMMON_MODULES]
        {
            assert!(table.is_sorted());
        }
    }
}
