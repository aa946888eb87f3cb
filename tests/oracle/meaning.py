# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the meaning of a dump without any of the program's code: with xml.etree, and a SEXPR parser of its own.

Both readers return one dictionary per domain, with the settings that both formats can express. Values with two spellings are
normalized, so that two dumps mean the same if their dictionaries are equal.
"""

import re
import xml.etree.ElementTree as tree

ESCAPES = {'a': '\a', 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', '\\': '\\', "'": "'", '"': '"'}
# Blanks are between the tokens.
TOKEN = re.compile(r'''\#[^\n]*|[()]|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^ \t\n\v\f\r()]+''', re.DOTALL)


class Damaged(Exception):
    pass


def unquote(text):
    def one(match):
        code = match.group(1)
        if code[0] == 'x':
            return chr(int(code[1:], 16))
        if code[0] in '01234567':
            return chr(int(code, 8))
        return ESCAPES.get(code, '\\' + code)
    return re.sub(r'\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)', one, text[1:-1], flags=re.DOTALL)


def word_of(token):
    """Decodes the bytes of a value as UTF-8, when all escapes are resolved: an escape may be one byte of a character. Bytes that
    are not UTF-8 become \\xhh, as in the XML output."""
    if token[0] not in '\'"' and token.isascii():
        return token
    return (unquote(token) if token[0] in '\'"' else token).encode('latin-1').decode(errors='backslashreplace')


def parse_sexpr(data):
    """Returns all values in some bytes, lists as Python lists."""
    text = data.decode('latin-1')
    top = []
    stack = [top]
    for token in TOKEN.findall(text):
        if token[0] == '#':
            continue
        if token == '(':
            stack.append([])
        elif token == ')':
            if len(stack) == 1:
                raise Damaged('a parenthesis too many')
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            stack[-1].append(word_of(token))
    if len(stack) != 1:
        raise Damaged('not closed')
    return top


# ---- SEXPR ---------------------------------------------------------------------------------------------------

def child(items, key):
    """Returns the value of the first (key value) in a list; '' without such a list."""
    for item in items:
        if isinstance(item, list) and item and item[0] == key:
            return item[1] if len(item) > 1 else ''
    return ''


def children(items, key):
    return [item for item in items if isinstance(item, list) and item and item[0] == key]


def flag(items, key):
    return child(items, key) == '1'


def split_uname(uname, klass):
    driver, _, rest = uname.partition(':')
    form = ''
    if driver in ('tap', 'tap2'):
        form, _, rest = rest.partition(':')
        driver = 'tap2' if klass == 'tap2' else driver
    return driver, form, rest


def disk_of_sexpr(klass, items):
    dev = child(items, 'dev')
    dev = dev[6:] if dev.startswith('ioemu:') else dev
    target, _, kind = dev.partition(':')
    driver, form, source = split_uname(child(items, 'uname'), klass)
    mode = child(items, 'mode')
    return target, {'device': 'cdrom' if kind == 'cdrom' else 'disk', 'driver': driver, 'format': form,
                    'source': source, 'readonly': mode == 'r', 'shareable': mode == 'w!'}


def disks_of_sexpr(domain, builder, is_hvm):
    disks = dict(disk_of_sexpr(device[1][0], device[1][1:]) for device in children(domain, 'device')
                 if device[1][0] in ('vbd', 'tap', 'tap2'))
    for name in ('fda', 'fdb'):
        if is_hvm and child(builder, name):
            disks[name] = {'device': 'floppy', 'driver': 'file', 'format': '', 'source': child(builder, name),
                           'readonly': False, 'shareable': False}
    source = child(builder, 'cdrom')
    if is_hvm and source and 'hdc' not in disks: # xend 3.0.2
        disks['hdc'] = {'device': 'cdrom', 'driver': 'phy' if source.startswith('/dev/') else 'file', 'format': '',
                        'source': source, 'readonly': True, 'shareable': False}
    return disks


def vif_of_sexpr(items):
    model = child(items, 'model') or ('netfront' if child(items, 'type') == 'netfront' else '')
    script = child(items, 'script')
    return {'mac': child(items, 'mac'), 'bridge': child(items, 'bridge'), 'ip': child(items, 'ip'),
            'script': '' if script == 'vif-bridge' else script, 'name': child(items, 'vifname'), 'model': model}


def graphics_of_sexpr(domain, builder):
    frames = [device[1][1:] for device in children(domain, 'device') if device[1][0] == 'vfb']
    items = frames[0] if frames else builder
    kind = child(items, 'type') or ('vnc' if flag(items, 'vnc') else 'sdl' if flag(items, 'sdl') else '')
    if kind == 'vnc':
        display = child(items, 'vncdisplay')
        port = 'auto' if child(items, 'vncunused') == '1' or not display else str(5900 + int(display))
        return ('vnc', port, child(items, 'vnclisten'), child(items, 'vncpasswd'), child(items, 'keymap'))
    return ('sdl', child(items, 'display'), child(items, 'xauthority')) if kind == 'sdl' else None


def chars_of_sexpr(builder, key):
    value = child(builder, key)
    ports = value if isinstance(value, list) else [value]
    return {number: port for number, port in enumerate(ports) if port not in ('', 'none')}


def cpuset_of_sexpr(domain):
    value = child(domain, 'cpus')
    while isinstance(value, list) and value and isinstance(value[0], list):
        value = value[0]
    return cpus_of(','.join(value)) if isinstance(value, list) else cpus_of(value)


def cpus_of(text):
    """Returns the processors that a text such as '0-3,^2' names."""
    cpus = set()
    for part in filter(None, text.split(',')):
        first, _, last = part.lstrip('^').partition('-')
        numbers = range(int(first), int(last or first) + 1)
        cpus = cpus.difference(numbers) if part.startswith('^') else cpus.union(numbers)
    return sorted(cpus)


def number(text, base=10):
    return int(text, base) if text else 0


def pcis_of_sexpr(domain):
    lists = [device[1][1:] for device in children(domain, 'device') if device[1][0] == 'pci']
    return [tuple(number(child(dev, key), 0) for key in ('domain', 'bus', 'slot', 'func'))
            for items in lists for dev in children(items, 'dev')]


def bare(uuid):
    return uuid.replace('-', '').lower()


def domain_of_sexpr(domain):
    image = child(domain, 'image') or ['']
    builder = image[1:]
    is_hvm = image[0] == 'hvm'
    memory, most = number(child(domain, 'memory')), number(child(domain, 'maxmem'))
    loader = (child(builder, 'loader') or child(builder, 'kernel')) if is_hvm else ''
    kernel = child(builder, 'kernel')
    sound = child(builder, 'soundhw')
    local = flag(builder, 'localtime') if child(builder, 'localtime') else flag(domain, 'localtime')
    return {
        'name': child(domain, 'name'), 'uuid': bare(child(domain, 'uuid')), 'description': child(domain, 'description'),
        'memory': 1024 * (most or memory), 'current': 1024 * (min(memory, most) if memory and most else memory or most),
        'vcpus': number(child(domain, 'vcpus')), 'cpuset': cpuset_of_sexpr(domain),
        'online': bin(number(child(domain, 'vcpu_avail'))).count('1') or number(child(domain, 'vcpus')),
        'hvm': is_hvm, 'loader': loader, 'kernel': '' if kernel == loader else kernel,
        'initrd': child(builder, 'ramdisk'), 'cmdline': child(builder, 'args'), 'root': child(builder, 'root'),
        'boot': (child(builder, 'boot') or 'c') if is_hvm else '',
        'bootloader': '' if is_hvm else child(domain, 'bootloader'),
        'bootloader_args': '' if is_hvm else child(domain, 'bootloader_args'),
        'features': [key for key in ('acpi', 'apic', 'pae', 'hap', 'viridian') if is_hvm and flag(builder, key)],
        'local': local, 'adjustment': number(child(builder, 'rtc_timeoffset')), 'hpet': child(builder, 'hpet'),
        'on': tuple(child(domain, key) for key in ('on_poweroff', 'on_reboot', 'on_crash')),
        'emulator': child(builder, 'device_model'),
        'disks': disks_of_sexpr(domain, builder, is_hvm),
        'interfaces': [vif_of_sexpr(device[1][1:]) for device in children(domain, 'device') if device[1][0] == 'vif'],
        'graphics': graphics_of_sexpr(domain, builder),
        'serial': chars_of_sexpr(builder, 'serial'), 'parallel': chars_of_sexpr(builder, 'parallel'),
        'sound': [] if not sound else ['sb16', 'es1370'] if sound == 'all' else sound.split(','),
        'usb': [item[1] for item in children(builder, 'usbdevice')],
        'pci': pcis_of_sexpr(domain),
    }


def read_sexpr(data):
    domains = []
    for value in parse_sexpr(data):
        nested = isinstance(value, list) and value and isinstance(value[0], list)
        domains += [item for item in (value if nested else [value]) if isinstance(item, list)]
    return [domain_of_sexpr(domain[1:]) for domain in domains if domain and domain[0] in ('domain', 'vm')]


# ---- XML -----------------------------------------------------------------------------------------------------

UNITS = {'b': 1, 'bytes': 1, 'KB': 1000, 'k': 1024, 'KiB': 1024, 'MB': 10**6, 'M': 1 << 20, 'MiB': 1 << 20,
         'GB': 10**9, 'G': 1 << 30, 'GiB': 1 << 30}
LETTERS = {'hd': 'c', 'cdrom': 'd', 'fd': 'a', 'network': 'n'}


def text_of(element, path):
    return (element.findtext(path) or '').strip()


def attribute(element, path, name):
    found = element.find(path)
    return '' if found is None else found.get(name, '')


def memory_of(element, path):
    """Returns an amount in KiB, rounded up to the unit of SEXPR."""
    if not text_of(element, path):
        return 0
    size = int(text_of(element, path)) * UNITS[attribute(element, path, 'unit') or 'KiB']
    return -(-size // (1 << 20)) * 1024


def disk_of_xml(disk):
    device = disk.get('device', 'disk')
    kind = disk.get('type', 'file')
    source = disk.find('source')
    path = '' if source is None else source.get({'file': 'file', 'block': 'dev'}.get(kind, 'name'), '')
    driver, form = attribute(disk, 'driver', 'name'), attribute(disk, 'driver', 'type')
    if path and not driver:
        driver = 'phy' if kind == 'block' else 'file'
        if kind == 'block' and not path.startswith('/'):
            path = '/dev/' + path
    if driver in ('tap', 'tap2'):
        form = 'aio' if form in ('', 'raw') else form
    target = attribute(disk, 'target', 'dev')
    readonly = disk.find('readonly') is not None or device == 'cdrom'
    return target[6:] if target.startswith('ioemu:') else target, {
        'device': device, 'driver': driver if path else '', 'format': form if driver in ('tap', 'tap2') and path else '',
        'source': path, 'readonly': readonly, 'shareable': disk.find('shareable') is not None and not readonly}


def interface_of_xml(interface):
    is_bridge = interface.get('type') == 'bridge'
    script = attribute(interface, 'script', 'path')
    name = attribute(interface, 'target', 'dev')
    return {'mac': attribute(interface, 'mac', 'address'),
            'bridge': attribute(interface, 'source', 'bridge') if is_bridge else '',
            'ip': attribute(interface, 'ip', 'address'), 'script': '' if script == 'vif-bridge' else script,
            'name': '' if name.startswith('vif') else name, 'model': attribute(interface, 'model', 'type')}


def graphics_of_xml(devices):
    graphics = devices.find('graphics')
    if graphics is None:
        return None
    if graphics.get('type') == 'sdl':
        return ('sdl', graphics.get('display', ''), graphics.get('xauth', ''))
    is_auto = graphics.get('autoport') == 'yes' or graphics.get('port', '-1') == '-1'
    return ('vnc', 'auto' if is_auto else graphics.get('port'), graphics.get('listen', ''), graphics.get('passwd', ''),
            graphics.get('keymap', ''))


def char_of_xml(char):
    """Returns a character device in the form that xend's qemu expects."""
    ends = {source.get('mode', 'connect'): source for source in char.findall('source')}
    source = char.find('source')
    kind = 'telnet' if attribute(char, 'protocol', 'type') == 'telnet' else char.get('type')
    waits = ',server,nowait' if 'bind' in ends else ''

    def place(end):
        return end.get('host', '') + ':' + end.get('service', '')
    if kind in ('pty', 'null', 'stdio', 'vc'):
        return kind
    if kind == 'dev':
        return source.get('path')
    if kind in ('file', 'pipe'):
        return kind + ':' + source.get('path')
    if kind == 'unix':
        return 'unix:' + source.get('path') + waits
    if kind == 'udp':
        return 'udp:' + place(ends['connect']) + ('@' + place(ends['bind']) if 'bind' in ends else '')
    return kind + ':' + place(source) + waits


def chars_of_xml(devices, name):
    return {int(attribute(char, 'target', 'port') or number): char_of_xml(char)
            for number, char in enumerate(devices.findall(name))}


def boot_of_devices(devices):
    """Returns xend's letters in the order of the devices that have a boot number."""
    found = []
    for item in devices:
        if item.find('boot') is not None:
            kind = 'network' if item.tag == 'interface' else {'cdrom': 'cdrom', 'floppy': 'fd'}.get(item.get('device'), 'hd')
            found.append((int(attribute(item, 'boot', 'order')), LETTERS[kind]))
    return ''.join(dict.fromkeys(letter for _, letter in sorted(found)))


def with_effective_boot(domain):
    """A letter of the boot order has no effect without such a device."""
    kinds = {disk['device'] for disk in domain['disks'].values()}
    there = {'c', 'n' if domain['interfaces'] else '', 'd' if 'cdrom' in kinds else '', 'a' if 'floppy' in kinds else ''}
    domain['boot'] = ''.join(letter for letter in domain['boot'] if letter in there)
    return domain


def domain_of_xml(domain):
    devices = domain.find('devices')
    devices = tree.Element('devices') if devices is None else devices
    is_hvm = text_of(domain, 'os/type') == 'hvm'
    memory, current = memory_of(domain, 'memory'), memory_of(domain, 'currentMemory')
    boot = ''.join(LETTERS[item.get('dev')] for item in domain.findall('os/boot')) or boot_of_devices(devices)
    clock = domain.find('clock')
    clock = tree.Element('clock') if clock is None else clock
    hpet = [timer.get('present', 'yes') for timer in clock.findall('timer') if timer.get('name') == 'hpet']
    features = domain.find('features')
    return {
        'name': text_of(domain, 'name'), 'uuid': bare(text_of(domain, 'uuid')),
        'description': text_of(domain, 'description'), 'memory': memory, 'current': current or memory,
        'vcpus': number(text_of(domain, 'vcpu')), 'cpuset': cpus_of(attribute(domain, 'vcpu', 'cpuset')),
        'online': number(attribute(domain, 'vcpu', 'current')) or number(text_of(domain, 'vcpu')),
        'hvm': is_hvm, 'loader': text_of(domain, 'os/loader'), 'kernel': text_of(domain, 'os/kernel'),
        'initrd': text_of(domain, 'os/initrd'), 'cmdline': text_of(domain, 'os/cmdline'),
        'root': text_of(domain, 'os/root'), 'boot': (boot or 'c') if is_hvm else '',
        'bootloader': text_of(domain, 'bootloader'), 'bootloader_args': text_of(domain, 'bootloader_args'),
        'features': [key for key in ('acpi', 'apic', 'pae', 'hap', 'viridian')
                     if features is not None and features.find(key) is not None
                     and features.find(key).get('state') != 'off'],
        'local': clock.get('offset') == 'localtime' or clock.get('basis') == 'localtime',
        'adjustment': number(clock.get('adjustment', '')), 'hpet': '' if not hpet else '0' if hpet[0] == 'no' else '1',
        'on': tuple(text_of(domain, key) for key in ('on_poweroff', 'on_reboot', 'on_crash')),
        'emulator': text_of(devices, 'emulator'), 'disks': dict(disk_of_xml(disk) for disk in devices.findall('disk')),
        'interfaces': [interface_of_xml(interface) for interface in devices.findall('interface')],
        'graphics': graphics_of_xml(devices), 'serial': chars_of_xml(devices, 'serial'),
        'parallel': chars_of_xml(devices, 'parallel'),
        'sound': [sound.get('model') for sound in devices.findall('sound')],
        'usb': [item.get('type') for item in devices.findall('input') if item.get('bus') == 'usb'],
        'pci': [tuple(number(address.get(key, ''), 0) for key in ('domain', 'bus', 'slot', 'function'))
                for address in devices.findall('hostdev/source/address')],
    }


def read_xml(data):
    """Reads any number of documents, with any number of domains each."""
    text = re.sub(r'<\?xml[^>]*\?>', '', data.decode())
    return [domain_of_xml(domain) for domain in tree.fromstring('<all>' + text + '</all>').iter('domain')]


def read(data):
    return [with_effective_boot(domain) for domain in (read_xml(data) if data.lstrip()[:1] == b'<' else read_sexpr(data))]
