# SPDX-License-Identifier: LGPL-2.1-or-later
# Repeated, overlong and misplaced values: nothing is assumed, and nothing is dropped silently.

load helper

# lossy TEXT: a domain whose conversion must report something.
lossy() {
	printf '%s\n' "$1" >dump
	try 1 convert --strict -q dump
}

@test "the first of two equal keys counts, and the other one is reported" {
	lossy "(domain (name a) (device (vbd (dev xvda) (uname file:/a) (mode r) (mode w))))"
	has out "<readonly/>"
	lossy "(domain (name a) (device (vif (bridge one) (bridge two))))"
	has out "bridge='one'"
	lossy "(domain (name a) (domid 3) (domid 4))"
	has out "id='3'"
	lossy "(domain (name a) (device (vfb (type vnc) (vncdisplay 3))) (device (vfb (type sdl))))"
	has out "port='5903'"
	has_not out "sdl"
	# The same value repeated adds nothing: config.sxp of xend 3.4 repeats cpus.
	printf '(domain (name a) (vcpus 1) (cpus ((0 1))) (cpus ((0 1))))\n' >dump
	try 0 convert --strict -q dump
}

@test "each of several devices in one list is at its own position" {
	printf '(domain (name a) (device%s))\n' "$(printf ' (vbd)%.0s' {1..2000})" >dump
	try 1 convert --strict -q --losses losses --output out.xml dump
	[ "$(grep -cF '"value":"(vbd)","file":"dump","line":1,' losses)" = 1999 ]
	[ "$(jq .offset losses | sort -u | grep -c .)" = 2000 ]
	[ "$(stat -c %s losses)" -lt 1000000 ]
}

@test "more words than a key can have are reported" {
	lossy "(domain (name a) (device (vif (ip 10.0.0.1 10.0.0.2))))"
	lossy "(domain (name a) (image (linux (kernel (/boot/k) (x y)))))"
	lossy "(domain (name a) (image (hvm (soundhw (a b)))))"
	lossy "(domain (name a) (image (hvm (vnc 1) (vncdisplay 4294967296))))"
}

@test "a list of which no value is stored is reported once" {
	local order
	for order in '"nca" more' 'nca more' ncx; do
		printf '(domain (name a) (image (linux (kernel /k) (boot %s))))\n' "$order" >dump
		try 1 convert --strict -q --losses losses --output out.xml dump
		[ "$(grep -c '"path":"image/linux/boot"' losses)" = 1 ]
		grep -qF '"reason":"invalid"' losses
	done
	# The first word counts where the guest has a boot order.
	lossy "(domain (name a) (image (hvm (kernel /k) (boot nc more))))"
	has out "<boot dev='network'/>"
}

@test "a loss has the value that was used, not an invalid one before it" {
	printf '%s\n' "<domain><name>a</name><clock offset='none'/>" "<clock offset='variable'/></domain>" >in
	try 0 convert -q --losses losses in
	[ "$(jq -r '"\(.line) \(.value)"' losses)" = "$(printf '2 variable\n1 none')" ]
}

@test "an unusual mode of a writable CD drive is one loss" {
	echo "(vm (name a) (image (hvm (kernel /k))) (device (vbd (dev hdc:cdrom) (uname file:/x) (mode 'w !'))))" >in
	try 0 convert -q --losses losses in
	[ "$(jq -r .value losses)" = "(mode 'w !')" ]
}

@test "a clock that is reset at each start has no other adjustment" {
	local clock="<clock offset='variable' adjustment='reset'/>"
	printf '<domain><name>a</name><os><type>hvm</type></os>%s%s</domain>\n' "$clock" \
		"<clock offset='variable' adjustment='3600'/>" >dump
	try 1 convert --strict -q --losses losses dump
	has losses '"path":"clock@adjustment","value":"3600"'
	has_not out "3600"
	printf '<domain><name>a</name><os><type>hvm</type></os>%s%s</domain>\n' "$clock" "$clock" >dump
	try 1 convert --strict -q --losses losses dump
	[ "$(grep -cF 'clock@adjustment' losses)" = 1 ]
}

@test "the bootable disk stays the boot disk when another one has a number for its name" {
	local first="(device (vbd (dev hdb) (uname file:/b) (mode w)))" number
	for number in 51714 0xca02 /dev/xvda2; do
		printf '(domain (name a) (image (linux (kernel /k))) %s (device (vbd (dev %s) (uname file:/a) %s)))\n' \
			"$first" "$number" "(mode w) (bootable 1)" >dump
		try 0 convert -q dump
		has out "<target dev='xvda2' bus='xen'/>"
		grep -A1 xvda2 out | grep -qF "<boot order='1'/>"
	done
}

@test "of two partitions the one with the first name is the boot disk, also when a name is a number" {
	printf "<domain type='xen'><name>a</name><os><type>hvm</type></os><devices>%s%s</devices></domain>\n" \
		"<disk type='file'><source file='/2'/><target dev='51714'/></disk>" \
		"<disk type='file'><source file='/1'/><target dev='xvda1'/></disk>" >dump
	try 0 convert -q --strict dump
	has_not out bootable
}

@test "a console that may use any port is not written beside a serial port that is lost" {
	printf "<domain type='xen'><name>a</name><os><type>hvm</type></os><devices>%s</devices></domain>\n" \
		"<serial type='dev'><source path='ttyS0'/><target port='3'/></serial><console type='pty'/>" >dump
	try 0 convert -q --losses losses dump
	has out "(serial none)"
	[ "$(jq -r .path losses)" = devices/serial ]
}

@test "a set of processors that means unset in SEXPR is lost for vcpus without their own" {
	printf "<domain type='xen'><name>a</name><vcpu cpuset='None'>2</vcpu><cputune><vcpupin vcpu='1' cpuset='3'/></cputune></domain>\n" >dump
	try 0 convert -q --losses losses dump
	has out "(cpus ('' 3))"
	[ "$(jq -r .path losses)" = vcpu@cpuset ]
}

@test "a disk whose name and source cannot be in XML is still the same disk" {
	printf "(vm (name a) (uuid %s) (device (vbd (dev 'x\\\\001') (uname file:/caf\351) (mode w))))\n" \
		00000000-0000-0000-0000-000000000001 >old
	try 0 convert -q --verify --losses losses -o new old
	try 0 diff -q --losses losses old new
	sed 's/mode w/mode r/' old >other
	try 1 diff -q --losses losses other new
	has out "access r -> w"
	# A disk that was lost does not explain another one that appears.
	printf "<domain type='xen'><name>a</name><devices><disk type='volume'><source pool='p' volume='v'/>%s" \
		"<target dev='xvda'/></disk></devices></domain>" >old
	try 0 convert -q --losses losses -o new old
	sed 's/(image/(device (vbd (dev xvdb) (uname file:\/b) (mode w))) &/' new >more
	try 1 diff -q --losses losses old more
	has out "disk xvdb added: /b"
}

@test "an empty set of processors is not the set of a vcpu beside it" {
	local pin
	for pin in "0' cpuset='a,b" "1' cpuset='0,1,2,3"; do
		echo "<domain type='xen'><name>a</name><vcpu cpuset=''>2</vcpu><cputune><vcpupin vcpu='$pin'/></cputune></domain>" >dump
		try 0 convert -q --verify dump
		try 0 convert -q --verify --xml-parser expat dump
	done
}

@test "a disk's boot order beside an order of kinds of devices is lost, and marks no disk" {
	local floppy="<disk type='file' device='floppy'><source file='/f'/><target dev='hdc'/></disk>"
	local disk="<disk type='file'><source file='/a'/><target dev='xvdb'/><boot order='1'/></disk>"
	printf '<domain><name>a</name><os><type>hvm</type>%s</os><devices>%s%s</devices></domain>\n' \
		"<boot dev='hd'/>" "$floppy" "$disk" >dump
	try 1 convert --strict -q --losses losses dump
	has_not out "bootable"
	grep -q '"path":"devices/disk/boot@order","value":"1"' losses
	printf '<domain><name>a</name><os><type>hvm</type></os><devices>%s%s</devices></domain>\n' \
		"$floppy" "$disk" >dump
	try 1 convert --strict -q --losses losses dump
	has out "(bootable 1)"
	has_not losses 'boot@order'
}

@test "extremely large numbers reject the domain or are reported" {
	printf '<domain><name>a</name><vcpu>18446744073709551615</vcpu></domain>' >dump
	try 2 convert -q dump
	has err "domain 'a': "
	printf "<domain><name>a</name><memory unit='GiB'>1.5</memory></domain>" >dump
	try 2 convert -q dump
	printf '(domain (name a) (memory 128.junk))' >dump
	try 2 convert -q dump
	printf '(domain (name a) (memory 128.0))' >dump
	try 0 convert -q dump
	has out "131072"
	lossy "<domain><name>a</name><vcpu>2</vcpu><cputune><vcpupin vcpu='18446744073709551615' cpuset='0'/></cputune></domain>"
}

@test "the text of an element inside a text does not belong to that text" {
	lossy "<domain><name>a<b>evil</b>c</name></domain>"
	has out "(name ac)"
}

@test "the ends of a udp port are distinguished in any order of attributes" {
	local source
	source="<source host='0.0.0.0' service='5' mode='bind'/><source host='h' service='6' mode='connect'/>"
	printf "<domain><name>a</name><os><type>hvm</type></os><devices><serial type='udp'>%s</serial></devices></domain>" \
		"$source" >dump
	try 0 convert -q dump
	has out "udp:h:6@0.0.0.0:5"
}

@test "an original inside other markup is not restored" {
	printf "(domain (name a) (domstream '<?xml version=\"1.0\"?><y>x<domain><name>a</name></domain></y>'))\n" >forged
	try 0 convert -q --losses losses forged
	has_not out "<y>"
	grep -q '"reason":"stale"' losses
}

@test "an original that cannot be decoded is reported" {
	printf "<domain><name>a</name><metadata><o:original xmlns:o='urn:domstream:1' encoding='base64'>?</o:original></metadata></domain>" >dump
	try 1 convert --strict -q dump
}

@test "a domain of many small elements does not take quadratic time, and no memory beyond its share" {
	{
		printf '<domain><name>a</name><os><type>hvm</type></os><devices>'
		yes "<console/>" | head -n 30000
		yes "<serial type='pty'/>" | head -n 30000
		printf '</devices></domain>\n'
	} >many.xml
	linear "$domstream" convert -q --max-parts 100000 many.xml >out
	{
		printf '(domain (name a)\n'
		yes "(what 1)" | head -n 60000
		printf ')\n'
	} >many.sxp
	linear "$domstream" convert -q --max-parts 100000 --losses losses many.sxp >out
	[ "$(wc -l <losses)" = 60000 ]
	tail -n 1 losses | grep -q '"line":60001,"column":1,'
	{
		printf '(vm (name a)(image (%0100000d' 0
		yes " (x 1)" | head -n 3000
		printf ')))\n'
	} >deep
	run python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$domstream" convert -q deep
	# shellcheck disable=SC2154 # bats sets them
	[ "$status" = 0 ] && [ "$output" -lt 200000 ]
}

@test "the value of a loss is complete, however large it is" {
	python3 - "$domstream" <<-'END'
		import json, subprocess, sys

		for size in [65535, 65536, 65537, 65540, 131072, 131073, 300000]:
		    for letters in ["a", "é", "日", "\U0001f600", '"\\', "aé日\U0001f600\n"]:
		        for shift in range(4):
		            value = "<x>" + "b" * shift + letters * (size // len(letters.encode())) + "</x>"
		            with open("large.xml", "w") as file:
		                file.write("<domain type='xen'><name>a</name><memory>1024</memory>" + value + "</domain>")
		            subprocess.run([sys.argv[1], "convert", "-q", "--losses", "losses", "-o", "out", "large.xml"], check=True)
		            losses = [json.loads(line) for line in open("losses")]
		            assert [loss["value"] for loss in losses if loss["path"] == "x"] == [value], (size, letters, shift)
		            assert losses[-1]["file"] == "large.xml" and losses[-1]["column"] == 55, losses[-1]["column"]
	END
}

@test "the boot disk of a domain with very many disks does not take quadratic time" {
	local type order
	for type in linux hvm; do
		for order in "" "<boot order='&'/>"; do
			{
				printf "<domain type='xen'><name>a</name><memory>1024</memory><os><type>%s</type></os><devices>\n" $type
				seq 1 100000 | sed "s,.*,<disk><source file='/d&'/><target dev='hda&'/>$order</disk>,"
				printf '</devices></domain>\n'
			} >many.xml
			linear "$domstream" convert -q --max-parts 100000 many.xml -o out
			[ "$(grep -o '(device' out | wc -l)" = 100000 ]
		done
	done
}
