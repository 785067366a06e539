/**
 * The Python program that runs one file of tests, given the folder, a word that marks its report, mebibytes, seconds and
 * the name of a test or nothing. Limits and the fence (an audit hook, which cannot be taken away again) stand before the
 * code under test is loaded; lines are seen by `sys.settrace`.
 */
export const harness = `
import sys
folder, word, megabytes, seconds, only = sys.argv[1:6]
sys.argv[:] = ['tests']
import asyncio, contextlib, importlib.util, inspect, io, itertools, json, os, resource, threading, traceback, unittest
try:
    import ctypes
except ImportError:
    pass
os.environ.clear()
folder = os.path.realpath(folder)
report = os.dup(1)
sink = os.open(os.devnull, os.O_RDWR)
for descriptor in (0, 1, 2):
    os.dup2(sink, descriptor)
size = int(megabytes) * 1024 * 1024
for kind, limit in (
    (resource.RLIMIT_AS, size),
    (resource.RLIMIT_CPU, int(float(seconds)) + 1),
    (resource.RLIMIT_FSIZE, 16 * 1024 * 1024),
    (resource.RLIMIT_NOFILE, 64),
    (resource.RLIMIT_CORE, 0),
):
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(kind, (limit, limit))

sys.path.insert(0, folder)
libraries = tuple(os.path.realpath(path) for path in {*sys.path[1:], sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)} if path)
devices = {'/dev/null', '/dev/urandom', '/dev/random', '/dev/zero'}
below = lambda path, root: path == root or path.startswith(root.rstrip('/') + '/')
writes = {'os.remove', 'os.rename', 'os.rmdir', 'os.mkdir', 'os.chmod', 'os.chown', 'os.link', 'os.symlink', 'os.truncate',
          'os.utime', 'os.setxattr', 'os.removexattr', 'os.chflags', 'os.lockf'}
reads = {'os.listdir', 'os.scandir', 'os.chdir', 'os.walk', 'os.fwalk', 'os.getxattr', 'os.listxattr'}
banned = ('subprocess.', 'os.system', 'os.exec', 'os.fork', 'os.posix_spawn', 'os.spawn', 'os.kill', 'os.startfile', 'pty.',
          'ctypes.', 'socket.bind', 'socket.connect', 'socket.getaddrinfo', 'socket.gethost', 'socket.send', 'resource.setrlimit',
          'sys.settrace', 'sys.setprofile', 'urllib.', 'ftplib.', 'http.client', 'smtplib.', 'webbrowser.', 'sys.addaudithook')

def fence(event, args):
    if event == 'open':
        path, mode, flags = (tuple(args) + (None, None, None))[:3]
        if isinstance(path, int) or path is None:
            return
        whole = os.path.realpath(os.fsdecode(path))
        changes = (isinstance(mode, str) and any(sign in mode for sign in 'wax+')) or (
            isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND))
        if below(whole, folder) or whole in devices or (not changes and any(below(whole, root) for root in libraries)):
            return
        raise PermissionError(f'sandbox: {whole} is outside the folder of the test')
    if event in writes or event in reads or event == 'sqlite3.connect':
        for path in args:
            if not isinstance(path, (str, bytes, os.PathLike)) or path in ('', b'', ':memory:'):
                continue
            whole = os.path.realpath(os.fsdecode(path))
            if not below(whole, folder) and not (event in reads and any(below(whole, root) for root in libraries)):
                raise PermissionError(f'sandbox: {whole} is outside the folder of the test')
        return
    if event == 'socket.__new__' and args[1] != 1:
        raise PermissionError('sandbox: there is no network')
    if event.startswith(banned) and not (event == 'sys.settrace' and threading.current_thread() not in watched):
        raise PermissionError(f'sandbox: {event} is not allowed')

covered = {}
locals_ = {}
watched = set()
def tracer(frame, event, arg):
    name = frame.f_code.co_filename
    if not name.startswith(folder):
        return None
    local = locals_.get(name)
    if local is None:
        lines = covered.setdefault(name, set())
        def local(frame, event, arg):
            if event == 'line':
                lines.add(frame.f_lineno)
            return local
        locals_[name] = local
    return local

def executable(path):
    with open(path, encoding='utf-8') as file:
        pending = [compile(file.read(), path, 'exec')]
    lines = set()
    while pending:
        code = pending.pop()
        lines.update(line for _, _, line in code.co_lines() if line)
        pending.extend(constant for constant in code.co_consts if hasattr(constant, 'co_lines'))
    return lines

def calls(name, function):
    """A test with its parameters, where pytest's mark gives it some."""
    sets = []
    for mark in getattr(function, 'pytestmark', []):
        if mark.name == 'parametrize':
            names, values = mark.args[:2]
            names = [one.strip() for one in names.split(',')] if isinstance(names, str) else list(names)
            plain = [getattr(value, 'values', value) for value in values]
            sets.append([dict(zip(names, value if len(names) > 1 or isinstance(getattr(values[at], 'values', None), tuple) else [value]))
                         for at, value in enumerate(plain)])
    for number, chosen in enumerate(itertools.product(*sets)):
        given = {key: value for one in chosen for key, value in one.items()}
        yield (f'{name}[{number}]' if sets else name), (lambda: function(**given))

def collect(module):
    for name, value in list(vars(module).items()):
        if getattr(value, '__module__', None) != module.__name__:
            continue
        if inspect.isfunction(value) and name.startswith('test'):
            yield from calls(name, value)
        elif inspect.isclass(value) and issubclass(value, unittest.TestCase):
            for case in unittest.defaultTestLoader.loadTestsFromTestCase(value):
                def run(case=case):
                    result = unittest.TestResult()
                    case.run(result)
                    for _, text in result.errors + result.failures:
                        raise AssertionError(text.strip().splitlines()[-1])
                yield f'{name}.{case._testMethodName}', run
        elif inspect.isclass(value) and name.startswith('Test'):
            for method in [key for key in vars(value) if key.startswith('test')]:
                def run(value=value, method=method):
                    one = value()
                    getattr(one, 'setup_method', lambda *_: None)()
                    try:
                        for _, call in calls(method, getattr(one, method)):
                            result = call()
                            if inspect.iscoroutine(result):
                                asyncio.run(result)
                    finally:
                        getattr(one, 'teardown_method', lambda *_: None)()
                yield f'{name}.{method}', run

tests = []
def attempt(name, call):
    try:
        result = call()
        if inspect.iscoroutine(result):
            asyncio.run(result)
        tests.append({'name': name, 'passed': True})
        return True
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        text = (str(error) or traceback.format_exc(limit=-1)).strip()[:500]
        tests.append({'name': name, 'passed': False, 'error': f'{type(error).__name__}: {text}'})
        return False

sys.addaudithook(fence)
sys.settrace(tracer)
threading.settrace(tracer)
watched.update({threading.current_thread()})
module = None
def load():
    global module
    spec = importlib.util.spec_from_file_location('test_in_sandbox', os.path.join(folder, 'test_in_sandbox.py'))
    module = importlib.util.module_from_spec(spec)
    sys.modules['test_in_sandbox'] = module
    spec.loader.exec_module(module)
if attempt('(import)', load):
    tests.clear()
    for name, call in list(collect(module)):
        if not only or name == only or name.startswith(only + '[') or name.endswith('.' + only):
            attempt(name, call)
watched.clear()
sys.settrace(None)
files = {}
for root, _, names in os.walk(folder):
    for name in names:
        path = os.path.join(root, name)
        if not name.endswith('.py') or name == 'test_in_sandbox.py':
            continue
        with contextlib.suppress(SyntaxError, OSError, ValueError):
            lines = executable(path)
            files[os.path.relpath(path, folder)] = {'lines': sorted(lines), 'covered': sorted(covered.get(path, set()) & lines)}
text = word + json.dumps({'tests': tests, 'files': files})
view = memoryview(text.encode())
while view:
    view = view[os.write(report, view):]
os._exit(0)
`
