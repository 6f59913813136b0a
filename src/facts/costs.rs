//! Which calls are known to be expensive. Exact names, never prefixes of packages: `requests.get`
//! goes to the network, `requests.utils.urlparse` does not.

use std::sync::OnceLock;

use ruff_text_size::TextRange;

use rustc_hash::FxHashSet;

use crate::syntax::NodeId;

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

/// What a rule says of the cost of a node, before the tables here are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedCost {
    /// A call, or something else that takes long.
    pub node: NodeId,
    /// Where that is shown.
    pub range: TextRange,
    /// `None` for what is cheap, whatever the tables say.
    pub level: Option<CostLevel>,
    /// What it is, as [`super::CostFacts::what`] has it.
    pub what: String,
}

/// The cost of calling an absolute dotted name; `None` for what is cheap or not known.
pub(super) fn cost_of(name: &str) -> Option<CostLevel> {
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
    match name {
        "open" => Some(CostLevel::Io),
        "input" => Some(CostLevel::External),
        _ => None,
    }
}

/// Whether a cost is one of those that are known here, as [`super::CostFacts::what`] has it.
pub fn is_known_cost(what: &str) -> bool {
    match what.strip_prefix('.') {
        Some(method) => [METHODS, PATH_METHODS].iter().any(|it| it.binary_search(&method).is_ok()),
        None => cost_of(what).or(cost_of_builtin(what)).is_some(),
    }
}

/// Whether a top-level module is of the standard library, as far as calls into it are many: what
/// is not in the list is only looked up once more when the project is linked. Sorted.
pub fn is_standard_library(top: &str) -> bool {
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
    "PIL.Image.open",
    "bz2.open",
    "codecs.open",
    "configparser.ConfigParser.read",
    "configparser.RawConfigParser.read",
    "cv2.imread",
    "cv2.imwrite",
    "dbm.open",
    "fileinput.input",
    "glob.glob",
    "glob.iglob",
    "gzip.open",
    "h5py.File",
    "importlib.metadata.distribution",
    "importlib.metadata.distributions",
    "importlib.metadata.entry_points",
    "importlib.metadata.files",
    "importlib.metadata.metadata",
    "importlib.metadata.packages_distributions",
    "importlib.metadata.version",
    "importlib_metadata.distribution",
    "importlib_metadata.entry_points",
    "importlib_metadata.version",
    "inspect.getsource",
    "inspect.getsourcelines",
    "io.open",
    "json.dump",
    "json.load",
    "linecache.getline",
    "linecache.getlines",
    "lzma.open",
    "os.listdir",
    "os.makedirs",
    "os.mkdir",
    "os.open",
    "os.remove",
    "os.removedirs",
    "os.rename",
    "os.replace",
    "os.rmdir",
    "os.scandir",
    "os.unlink",
    "os.walk",
    "pickle.dump",
    "pickle.load",
    "pkgutil.get_data",
    "pkgutil.iter_modules",
    "pkgutil.walk_packages",
    "runpy.run_path",
    "shelve.open",
    "shutil.copy",
    "shutil.copy2",
    "shutil.copyfile",
    "shutil.copytree",
    "shutil.disk_usage",
    "shutil.make_archive",
    "shutil.move",
    "shutil.rmtree",
    "shutil.unpack_archive",
    "shutil.which",
    "ssl.create_default_context",
    "tarfile.open",
    "tempfile.NamedTemporaryFile",
    "tempfile.SpooledTemporaryFile",
    "tempfile.TemporaryDirectory",
    "tempfile.TemporaryFile",
    "tempfile.mkdtemp",
    "tempfile.mkstemp",
    "tomllib.load",
    "yaml.load",
    "yaml.safe_load",
    "zipfile.ZipFile",
    "zipfile.is_zipfile",
];

/// Sorted.
const EXTERNAL: &[&str] = &[
    "MySQLdb.connect",
    "asyncio.run",
    "boto3.client",
    "boto3.resource",
    "ftplib.FTP",
    "getpass.getpass",
    "hashlib.pbkdf2_hmac",
    "hashlib.scrypt",
    "httpx.delete",
    "httpx.get",
    "httpx.head",
    "httpx.patch",
    "httpx.post",
    "httpx.put",
    "httpx.request",
    "imaplib.IMAP4",
    "imaplib.IMAP4_SSL",
    "joblib.load",
    "keyring.get_password",
    "numpy.fromfile",
    "numpy.genfromtxt",
    "numpy.load",
    "numpy.loadtxt",
    "os.popen",
    "os.system",
    "pandas.read_csv",
    "pandas.read_excel",
    "pandas.read_feather",
    "pandas.read_fwf",
    "pandas.read_hdf",
    "pandas.read_html",
    "pandas.read_json",
    "pandas.read_orc",
    "pandas.read_parquet",
    "pandas.read_pickle",
    "pandas.read_sas",
    "pandas.read_spss",
    "pandas.read_sql",
    "pandas.read_sql_query",
    "pandas.read_sql_table",
    "pandas.read_stata",
    "pandas.read_table",
    "pandas.read_xml",
    "polars.read_csv",
    "polars.read_database",
    "polars.read_excel",
    "polars.read_json",
    "polars.read_parquet",
    "poplib.POP3",
    "poplib.POP3_SSL",
    "psycopg.connect",
    "psycopg2.connect",
    "pymysql.connect",
    "requests.delete",
    "requests.get",
    "requests.head",
    "requests.options",
    "requests.patch",
    "requests.post",
    "requests.put",
    "requests.request",
    "smtplib.SMTP",
    "smtplib.SMTP_SSL",
    "socket.create_connection",
    "socket.create_server",
    "socket.getaddrinfo",
    "socket.getfqdn",
    "socket.gethostbyaddr",
    "socket.gethostbyname",
    "socket.gethostbyname_ex",
    "socket.getnameinfo",
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
    "torch.hub.load",
    "torch.load",
    "torch.save",
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib3.request",
    "webbrowser.open",
];

/// Methods of `pathlib.Path` that touch the disk for real (a `stat` is cheap enough). Sorted.
const PATH_METHODS: &[&str] = &[
    "glob",
    "iterdir",
    "mkdir",
    "open",
    "read_bytes",
    "read_text",
    "rename",
    "rglob",
    "rmdir",
    "touch",
    "unlink",
    "write_bytes",
    "write_text",
];

/// Whether a method of `pathlib.Path` touches the disk for real.
pub(super) fn is_path_method(name: &str) -> bool {
    // Most methods begin otherwise.
    let may_be = name.as_bytes().first().is_some_and(|it| PATH_METHODS_BEGIN[usize::from(*it)]);
    may_be && PATH_METHODS.binary_search(&name).is_ok()
}

/// Whether one of [`PATH_METHODS`] begins with a byte.
const PATH_METHODS_BEGIN: &[bool; 256] = &{
    let (mut begin, mut at) = ([false; 256], 0);
    while at < PATH_METHODS.len() {
        begin[PATH_METHODS[at].as_bytes()[0] as usize] = true;
        at += 1;
    }
    begin
};

/// What makes paths of paths, and of nothing. Sorted.
pub(super) const PATH_MAKERS: &[&str] = &[
    "absolute",
    "cwd",
    "expanduser",
    "home",
    "joinpath",
    "resolve",
    "with_name",
    "with_stem",
    "with_suffix",
];

/// Methods that are expensive whatever has them. Sorted.
pub(super) const METHODS: &[&str] = &["from_pretrained"];

#[cfg(test)]
mod tests {
    #[test]
    fn the_tables_are_sorted() {
        for table in [
            super::IO,
            super::EXTERNAL,
            super::PATH_METHODS,
            super::METHODS,
            super::PATH_MAKERS,
            super::COMMON_MODULES,
        ] {
            assert!(table.is_sorted());
        }
    }
}
