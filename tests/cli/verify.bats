#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# convert --verify: the output is read back. tests/mutation checks that faults are noticed.

load helper

@test "--verify finds nothing wrong with generated domains, for any xend" {
	local xend format
	for format in xml sexpr; do
		"$gen" --format $format --domains 2000 >dump
		for xend in 3.0.2 3.0.3 3.0.4 3.1; do
			try 0 convert -q --verify --xend $xend dump
			empty err
		done
	done
}

@test "--verify changes neither the output nor the losses" {
	"$gen" --format xml --domains 500 >dump
	try 0 convert -q --losses plain-losses -o plain dump
	try 0 convert -q --verify -j 1 --losses losses -o verified dump
	cmp plain verified
	cmp plain-losses losses
	try 0 convert -q --verify -j 4 -z dump
	gzip -dc out | cmp plain -
}

@test "--verify can be combined with all forms of output" {
	"$gen" --format sexpr --domains 200 >dump
	try 0 convert -q --verify --output-dir new dump
	try 0 convert -q --verify --preserve dump
	cp out there
	try 0 convert -q --verify there
	cmp dump out
	try 0 convert -q --verify --only disks dump
	try 0 convert -q --verify --to sexpr dump
	try 0 convert -q --verify --to sexpr --pretty dump
	try 0 convert -q --verify --to sexpr --xend 3.0.2 dump
	printf "<?xml version='1.0' encoding='ISO-8859-1'?>\n<domain type='xen'><name>caf\351</name></domain>\n" >latin
	try 0 convert -q --verify --to xml latin
	try 0 convert -q --verify --to sexpr latin
	try 3 check --verify dump
	try 3 disks --verify dump
}

@test "a loss is not a fault" {
	printf '%s\n' "<domain type='kvm'><name>a</name><memory>1025</memory><devices>" \
		"<disk type='network'><driver name='qemu'/><source protocol='rbd' name='p/i'/><target dev='vda' bus='virtio'/></disk>" \
		"<graphics type='vnc'/></devices></domain>" >dump
	local xend
	for xend in 3.0.2 3.0.3 3.0.4 3.1; do
		try 1 convert -q --verify --strict --xend $xend dump
		empty err
	done
}

@test "an HVM guest boots from its first IDE disk, wherever its other disks are" {
	local hvm="<domain type='xen'><name>a</name><os><type>hvm</type></os><devices>"
	local cdrom="<disk type='file' device='cdrom'><source file='/cd'/><target dev='hdc'/><readonly/></disk>"
	local scsi="<disk type='file'><source file='/s'/><target dev='sdd'/></disk>"
	local ide="<disk type='file'><source file='/i'/><target dev='hda'/></disk>"
	local xend
	echo "$hvm$scsi$ide</devices></domain>" >scsi-first
	echo "$hvm$cdrom$scsi$ide</devices></domain>" >cd-first
	for xend in 3.0.2 3.0.3 3.0.4 3.1; do
		for dump in scsi-first cd-first; do
			try 0 convert -q --verify --xend $xend $dump -o sexpr
			try 0 convert -q --verify --xend $xend sexpr -o xml
			has_not xml "<boot order"
			try 0 diff --only disks $dump xml
		done
	done
}

# hvm DISK...: an HVM guest. A disk is NAME,IMAGE,DEVICE[,ELEMENTS].
hvm() {
	local disk fields=()
	printf "<domain type='xen'><name>a</name><os><type>hvm</type></os><devices>\n"
	for disk; do
		IFS=, read -r -a fields <<<"$disk"
		printf "<disk type='file' device='%s'><source file='%s'/><target dev='%s'/>%s</disk>\n" "${fields[2]}" "${fields[1]}" "${fields[0]}" "${fields[3]-}"
	done
	printf '</devices></domain>\n'
}

@test "disks of one name are paired by their use, and what one hides from the other is lost" {
	local xend
	hvm hdc,/cd,cdrom,'<readonly/>' hdc,/d,disk >dump
	try 0 convert -q --verify --xend 3.0.2 --losses losses dump
	has_not out "(cdrom"
	has losses '"path":"devices/disk","value":"<disk type='
	# The buses put the disk before the drive.
	hvm fda,/f,lun hda,/d,cdrom,'<readonly/>' hda,/d,disk | sed "2s/'fda'/& bus='usb'/;4s/'hda'/& bus='usb'/" >dump
	for xend in 3.0.2 3.0.3 3.1; do
		try 0 convert -q --verify --xend $xend dump
	done
}

@test "an HVM guest boots from the same one of several disks with one name" {
	local xend
	# The buses put the last disk before the others.
	hvm fda,/f,lun hda,/a,disk hda,/b,disk | sed "2s/'fda'/& bus='usb'/;4s/'hda'/& bus='usb'/" >dump
	for xend in 3.0.2 3.1; do
		try 0 convert -q --verify --xend $xend dump
	done
	has out "(device (vbd (dev hda:disk) (uname file:/a) (mode w))) (device (vbd (dev hda:disk) (uname file:/b)"
	# The floppy drive becomes a disk, which is a loss.
	hvm hda,,disk hdb,/b,disk hda,/f,floppy | sed "s/<source file=''.>//" >dump
	try 0 convert -q --verify dump
	echo "(domain (name a) (image (hvm (kernel /k) (boot dc))) (device (vbd (dev hda) (uname file:/a) (mode w))) (device (vbd (dev hdd:cdrom) (uname file:/c) (mode r))) (device (vbd (dev hdb) (uname file:/b) (mode w) (bootable 1))))" >dump
	try 0 convert -q --verify --only disks dump
	has out "<boot order='2'/>"
}

# converges XEND: converts `dump` to the other format and back, twice. SEXPR from XML, and both formats after one round trip,
# stay the same.
converges() {
	local i from=dump
	for i in 1 2 3 4; do
		try 0 convert -q --verify --xend "$1" -o "$i" "$from"
		from=$i
	done
	cmp 2 4
	[ "$(head -c 1 dump)" != "<" ] || cmp 1 3
}

@test "a drive that is lost because xend 3.0.2 has only one is a disk, whatever its name looks like" {
	hvm a:b,/c,cdrom hdb:cdrom,/d,cdrom >dump
	try 0 convert -q --verify --xend 3.0.2 --losses losses -o new dump
	has new "(dev ioemu:a:b:disk)"
	has new "(dev ioemu:hdb:cdrom:disk)"
	[ "$(grep -c '"path":"devices/disk@device","value":"cdrom"' losses)" = 2 ]
	converges 3.0.2
}

@test "disks of one name keep their order, and only a boot disk that needs a flag has one" {
	local xend
	# For xend 3.0.2 the drive becomes a disk, after the disks of the bus that is used first.
	hvm xvdb,/z,disk xvda,/a,cdrom xvda,/b,disk,"<boot order='1'/>" | sed "3s/'xvda'/& bus='ide'/" >dump
	converges 3.0.2
	has_not 1 "(bootable"
	# The guest does not boot from the drive as a disk, so the disk need not precede it.
	hvm hdc,/c,cdrom hdc,/f,floppy | sed "3s/'hdc'/& bus='xen'/" >dump
	for xend in 3.0.2 3.0.3 3.1; do
		converges $xend
	done
	echo "(domain (name a) (image (hvm)) (device (vbd (dev hda:cdrom))) (device (vbd (dev None) (uname file:/n))) (device (vbd (dev hda) (uname file:/a))))" >dump
	converges 3.1
}

@test "a drive that cannot be written does not get the boot order of the one after it" {
	local disks="(device (vbd (dev xvdb) (uname file:/b) (bootable 1))) (device (vbd (dev xvda) (uname file:/a)))"
	echo "(domain (name a) (image (hvm (boot dc))) $disks (device (vbd (dev :cdrom) (uname file:/c))) (device (vbd (dev hdc:cdrom) (uname file:/d))))" >dump
	converges 3.1
	[ "$(grep -c "<boot order=" 1)" = 2 ]
}

@test "disks of one name and image are paired so that the losses explain all differences" {
	local disk="<source name='a'/><target dev='fdb'" xend
	# The drives become disks, in an order by their buses.
	echo "<domain><name>a</name><devices>" \
		"<disk type='network' device='floppy'><driver name='drbd'/>$disk bus='ide'/></disk>" \
		"<disk type='network' device='cdrom'><driver name='file'/>$disk/></disk></devices></domain>" >dump
	for xend in 3.0.2 3.0.3 3.0.4 3.1; do
		converges $xend
	done
	hvm a,/f,floppy vda,/a,cdrom vda,/a,disk |
		sed "3s/'vda'/& bus='fdc'/;3s|<source|<driver name='phy'/>&|;4s/'vda'/& bus='ide'/;4s|<source|<driver name='tap2'/>&|" >dump
	for xend in 3.0.2 3.0.3 3.0.4 3.1; do
		converges $xend
	done
}

@test "a lost boot order of the Xen API explains that the output has none" {
	echo "(domain (name a) (HVM_boot_params ((order dc))) (image (linux (kernel /k))))" >dump
	try 0 convert -q --verify --losses losses dump
	has losses '"path":"HVM_boot_params","value":"((order dc))"'
}

@test "a name or key that looks like a device is not a device that was lost" {
	# The first disk is lost, and the drive has a name that libvirt does not allow.
	echo "(domain (name a) (device (vbd (dev '<x>:y'))) (device (vbd (dev <x>:cdrom) (mode w))))" >dump
	try 0 convert -q --verify --losses losses dump
	has losses '"reason":"incomplete"'
	has losses '"path":"devices/disk/target@dev","value":"<x>"'
	# The drive is written, without the second value of its key.
	echo "(domain (name a) (image (hvm (cdrom /c more))) (device (vbd (dev hda) (mode r))))" >dump
	try 0 convert -q --verify --losses losses -o new dump
	has losses '"value":"(cdrom /c more)"'
	try 0 diff -q --losses losses dump new
}
