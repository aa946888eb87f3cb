# SPDX-License-Identifier: LGPL-2.1-or-later
"""SEXPR to XML and back: every difference must be among the losses, or be one of the few that the rules here call none."""
import os
import re

from meaning import parse_sexpr  # the independent reader

HERE = os.path.dirname(os.path.abspath(__file__))
FIELDS = open(os.path.join(HERE, "../../src/record/fields.def"), encoding="utf-8").read()


def table(macro):
    """Keys that the one table calls runtime state, or repetitions, with the context that they stand in."""
    return set(re.findall(r"^%s\((\w+), *\"([^\"]+)\"\)" % macro, FIELDS, re.M))


NO_LOSS = {key for _, key in table("DS_SEXPR_RUNTIME")} | {key for _, key in table("DS_SEXPR_AGAIN")}
NO_LOSS |= set(re.findall(r"^DS_ALIAS\(\w+, *\w+, *\w+, *\"([^\"]+)\"\)", FIELDS, re.M))
# domid: XML has it, what xend creates anew has none. The image repeats what the domain says. platform: repeats the image.
NO_LOSS |= {"domid", "platform", "HVM_boot_policy"}
CLASSES = ("vbd", "tap", "tap2", "vif")


def flat(value, path, out):
    """Facts of a list; a device is told apart by what it is called, for its number may change."""
    head = value[0] if value and isinstance(value[0], str) else ""
    kids = value[1:] if head else value
    here = path + "/" + head if path else head
    if head in CLASSES and path.endswith("device"):
        names = [k[1] for k in kids if isinstance(k, list) and len(k) > 1 and k[0] in ("dev", "mac")]
        here = path + "/disk[%s]" % names[0].split(":")[-2 if ":" in names[0] and not names[0].startswith("ioemu") else -1] \
            if head != "vif" and names else path + "/vif[%s]" % (names[0] if names else "")
    if not kids:
        out.append((here, ""))
    for kid in kids:
        if isinstance(kid, list):
            flat(kid, here, out)
        else:
            out.append((here, kid))


def same(path, value):
    """One spelling for values that mean the same."""
    key = path.rsplit("/", 1)[-1]
    if key == "uuid":
        return value.replace("-", "").lower()
    if key in ("memory", "maxmem", "vcpus") and re.fullmatch(r"[0-9]+(\.0)?", value):
        return str(int(float(value)))
    if key == "dev":
        return re.sub(r"^ioemu:|:(disk|cdrom)$", "", value)
    return value


def facts(domain):
    out = []
    for kid in domain[1:]:
        if isinstance(kid, list):
            flat(kid, "", out)
    return out


def no_difference(path, value, result):
    keys = re.sub(r"\[[^]]*\]", "", path).split("/")
    if value == "" or any(key in NO_LOSS for key in keys):
        return True
    if path in ("localtime", "image/hvm/localtime", "image/linux/localtime", "image/hvm/rtc_timeoffset"):
        return value in ("0", "1")
    # A switch that is off is not written; a first frame buffer says what the image says.
    if keys[:2] == ["image", "hvm"] and value == "0":
        return True
    if keys[0] == "image" and keys[-1] in ("vnc", "vncunused", "vncdisplay", "vnclisten", "vncpasswd", "keymap", "sdl",
                                           "display", "xauthority", "vcpus", "usb", "loader", "kernel"):
        return True
    if keys[:2] == ["device", "vfb"] and keys[-1] in ("vnc", "sdl", "vncunused", "type"):
        return True
    # What an HVM guest's frame buffer says, xend takes from its image.
    if keys[:2] == ["device", "vfb"] and ("image/hvm/" + keys[-1], value) in result:
        return True
    if keys[:2] == ["device", "vkbd"] or keys[:2] == ["device", "console"]:
        return True
    # tap: in (tap2 …) is tap2:, cpus have several spellings, bootable is the order, and the first is what xend starts from.
    if keys[-1] == "uname" and value.startswith("tap:"):
        return any(p == path and v == "tap2:" + value[4:] for p, v in result)
    if keys[-1] in ("bootable",) or (keys[-1] == "backend" and value in ("0", "Domain-0")):
        return True
    if keys[0] == "cpus":
        return any(p.startswith("cpus") for p, _ in result) or not value.strip("()")
    if keys[0] == "cpu_weight" and value == "1.0":
        return True
    if keys[0] == "vcpu_avail":
        return bin(int(value)).count("1") >= max([int(v) for p, v in result if p == "vcpus"] or [0])
    # libvirt makes up vifD.N for itself; ioemu is what every emulated interface is.
    if keys[-1] == "vifname" and value.startswith("vif"):
        return True
    return keys[-1] == "type" and value == "ioemu"


def lost(path, value, losses):
    """Is there a loss of this place, or of a part of this very value (a path with bytes that XML cannot hold)?"""
    if any(part and value.endswith(part) for _, part in losses):
        return True
    plain = re.sub(r"disk\[[^]]*\]", "(vbd|tap|tap2)", re.sub(r"vif\[[^]]*\]", "vif", path))
    return any(re.match(plain.replace("+", r"\+") + "$", loss) or plain.startswith(loss + "/") for loss, _ in losses)


def check(name, data, back, losses):
    """How many facts are right, and what is wrong."""
    by_domain = {who: {(loss["path"], loss["value"]) for loss in some} for who, some in losses.items()}
    results = {}
    for domain in parse_sexpr(back):
        found = facts(domain)
        results[dict(found).get("name")] = [(p, same(p, v)) for p, v in found]
    good, bad = 0, []
    for domain in parse_sexpr(data):
        if not isinstance(domain, list) or domain[:1] not in (["domain"], ["vm"]):
            continue
        said = facts(domain)
        who = dict(reversed(said)).get("name") or dict(reversed(said)).get("name_label")
        result = results.get(who, [])
        for path, value in said:
            if (path, same(path, value)) in result or no_difference(path, value, result) or \
                    lost(path, value, by_domain.get(who, ())):
                good += 1
            else:
                bad.append("%s: %s: %s '%s' is lost in silence" % (name, who, path, value))
    return good, bad
