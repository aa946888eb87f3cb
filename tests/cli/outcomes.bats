#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The outcomes and messages of inputs that are not dumps. tests/inputs/cases has the table of all outcomes.

load helper

network='<network><name>default</name><bridge name="virbr0"/></network>'

@test "a web page in place of a dump is named, and one message is enough" {
	mkdir pages
	printf '<!DOCTYPE html>\n<html><body>502<br>Bad Gateway</body></html>\n' >pages/page.xml
	local words
	for words in pages/page.xml "-r pages" -; do
		# shellcheck disable=SC2086 # several words
		try 2 check $words <pages/page.xml
		has err "the input is not a dump; it looks like: HTML page"
		[ "$(grep -c ' error: ' err)" = 1 ]
	done
}

@test "other files that are not dumps are foreign in a directory or archive" {
	mkdir walked
	: >walked/empty
	printf 'hello\n' >walked/notes.txt
	printf 'name = "web"\nmemory = 512\n' >walked/web.cfg
	printf '<html>\n' >walked/index.html
	printf '<VirtualHost *:80>\n<Directory /srv/>\n</Directory>\n</VirtualHost>\n' >walked/site.conf
	printf '(defun f (x)\n  (let (y) ")"))\n)\n' >walked/init.el
	printf '<!DOCTYPE c [<!ENTITY e "x">]><c>&e;</c>\n' >walked/conf
	printf '%s\n' "$network" >walked/net.xml
	xml a >walked/a.xml
	(cd walked && tar cf ../archive.tar *)
	try 0 check -r walked
	has out "1 domain,"
	has err "9 inputs: 1 read, 2 without a domain, 6 foreign"
	try 0 check archive.tar
	has out "1 domain,"
	has err "10 inputs: 2 read, 2 without a domain, 6 foreign"
}

@test "the configuration of xend itself is foreign in a backup of it" {
	mkdir -p etc/xen var/lib/xend/domains/1
	printf '# -*- sh -*-\n#(logfile /var/log/xen/xend.log)\n(xend-http-server yes)\n(dom0-min-mem 196)\n' >etc/xen/xend-config.sxp
	printf '(new_quirks (tg3 (quirks (pci_ids 14e4:1644))))\n' >etc/xen/xend-pci-quirks.sxp
	printf '(unconstrained_dev_ids)\n' >etc/xen/xend-pci-permissive.sxp
	sexpr a >var/lib/xend/domains/1/config.sxp
	tar czf backup.tar.gz etc var
	try 0 check -r etc var
	has err "4 inputs: 1 read, 3 foreign"
	try 0 check backup.tar.gz
	has err "5 inputs: 2 read, 3 foreign"
	gzip etc/xen/xend-config.sxp
	try 0 check -r etc var
	# Any other file with the suffix is expected to contain a domain, and so is one that is named.
	try 2 check etc/xen/xend-pci-quirks.sxp
	has err "etc/xen/xend-pci-quirks.sxp:1:1: error: a list that is not a domain [DA904]"
	mv etc/xen/xend-pci-quirks.sxp etc/xen/my-xend-pci-quirks.sxp
	try 2 check -r etc var
}

@test "damage in a file without a dump's name is reported although it looks foreign at first" {
	mkdir walked
	{
		printf '<a/>text\n'
		xml a
	} >walked/dump
	try 2 check -r walked
	has out "1 domain"
	# The first domain is many blocks after the text.
	{
		printf '<a/>text\n'
		head -c 2000000 /dev/zero | tr '\0' 'x'
		printf '\n'
		xml a
	} >walked/dump
	local jobs
	for jobs in 1 2 64; do
		try 2 check -j "$jobs" -r walked
		has out "1 domain"
	done
}

@test "each argument without a domain is named, with its kind" {
	printf '%s\n' "$network" >net
	printf 'name = "web"\nbuilder = "hvm"\n' >web.cfg
	printf 'QFI\373rest' >disk.img
	printf '[{"domid": 1, "config": {"c_info": {}}}]\n' >list.json
	printf '.encoding = "UTF-8"\nconfig.version = "8"\n' >guest.vmx
	printf '<?xml version="1.0"?><ovf:Envelope xmlns:ovf="x"></ovf:Envelope>\n' >guest.ovf
	try 0 check net web.cfg disk.img list.json guest.vmx guest.ovf "$samples/estate.xml"
	has err "net: warning: no domain in this input: libvirt network"
	has err "web.cfg: warning: no domain in this input: xl or xm configuration; convert it first"
	has err "disk.img: warning: no domain in this input: QCOW disk image"
	has err "list.json: warning: no domain in this input: JSON of 'xl list -l'"
	has err "guest.vmx: warning: no domain in this input: VMware VMX configuration"
	has err "guest.ovf: warning: no domain in this input: OVF descriptor"
	has err "7 inputs: 1 read, 6 without a domain"
	try 2 check -q --require-domains net "$samples/estate.xml"
}

@test "a directory may contain files that this program has written beside the dumps" {
	mkdir walked
	printf '<domain><name>a</nome></domain>\n(domain (name b) (memory much))\n' >bad
	try 2 convert --to xml -q --output-dir walked --rejects walked/rejects --losses walked/losses \
		bad "$samples/xm-list-long-pv-hvm.sxp"
	try 0 check -r walked
	has err "foreign"
	try 2 check walked/rejects
	cp walked/rejects walked/rejects.xml
	try 0 check -r walked
}
