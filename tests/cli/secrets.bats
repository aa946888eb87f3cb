#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# Functions that write a secret in every spelling. Each contains the word that no output may show.

# Unames of SEXPR; in each, SECRET is a part of the secret.
unames() {
	cat <<-'END'
		iscsi://user%SECRET01@portal/iqn.2001-04.org.example:1
		phy:iscsi://user%SECRET02@portal/iqn.2001-04.org.example:1
		file:iscsi://user%SECRET03@portal/iqn
		iscsi:user%SECRET04@portal
		phy:rbd:pool/img:id=a:key=SECRET05
		sheepdog://u:SECRET06@h/x
		ssh://u:SECRET07@h/x
		file://u:pass@SECRET08@h/x
		"file://u:SECRET 09@h/x"
		"file:/x/https:/u:SECRET10@h/x"
		file:https://u:SECRET11@h/../https://v:SECRET12@k/
		nbd://u:pass/SECRET13@h/x
		tap:aio:u:SECRET14@h/x
		tap:u:SECRET15@h/x
		u:SECRET16@h/x
		file:https://h/x?token=SECRET17&a=b
		file:https://h/x?a=b&password=SECRET18
		file:https://u%3ASECRET19@h/x
		"file:json:{\"driver\":\"https\",\"password\":\"SECRET20\"}"
		'file:json:{"file.password": "SECRET21", "cookie": "SECRET22"}'
		file:driver=https,password=SECRET23,,SECRET24,url=x
		drbd:SECRET25user:SECRET26@r0
		file:/a/u:SECRET27@h/v:SECRET28@k
		file:https://u%3ASECRET29%40h/x
		file:https://h/x?u=https%3A%2F%2Fv%3ASECRET30%2540k
		file:ISCSI://user%SECRET31@portal/iqn.2001-04.org.example:1
		phy:iscsi://iqn.1994-05.org.example:a%SECRET32@portal/iqn
		"file:json:{\"file\":\"json:{\\\\\"password\\\\\":\\\\\"SECRET33\\\\\"}\"}"
		'file:json:{"pass\\u0077ord":"SECRET34"}'
		file:https://h/x?a=b;password=SECRET35;c=d
		https://:SECRET36@h/x
	END
}

# Sources of XML, each an attribute or more of <source>.
sources() {
	cat <<-'END'
		protocol='iscsi' name='iscsi://user%SECRET51@portal/iqn'
		file='iscsi://user%SECRET52@portal/iqn'
		dev='iscsi:user%SECRET53@portal'
		protocol='rbd' name='pool/img:id=admin:key=SECRET54:auth_supported=cephx'
		protocol='https' name='x' query='token=SECRET55&amp;a=b'
		file='json:{&quot;password&quot;:&quot;SECRET56&quot;}'
		file='u:SECRET57&#64;h/x'
		pool='u:SECRET58@h' volume='v:SECRET59@k'
		protocol='https' name='x' query='a=b;password=SECRET60;c=d'
		file='https://u:SECRET61%40h/x'
		file='json:{&quot;file&quot;:&quot;json:{\&quot;password\&quot;:\&quot;SECRET62\&quot;}&quot;}'
		dev='ISCSI://user%SECRET63@portal/iqn,https://v:SECRET64@h/'
	END
}

# The user's name of one row is shown, so it is not a secret.
dumps() {
	local uname source number=0
	{
		echo "(domain (name s1) (uuid 00000000-0000-4000-8000-000000000001) (image (linux (kernel /k)))"
		while read -r uname; do
			number=$((number + 1))
			echo "(device (vbd (dev xvd$(printf "\\$(printf %o $((96 + number)))")) (uname ${uname//SECRET25user/user}) (mode w)))"
		done < <(unames)
		echo "(device (vfb (type sdl) (vncpasswd SECRET90)))"
		echo "(gadget (password SECRET91)))"
	} >dump.sxp
	{
		echo "<domain type='kvm'><name>x1</name><uuid>00000000-0000-4000-8000-000000000002</uuid>"
		echo "<os><type>hvm</type><cmdline>a=b password=SECRET92 c=d</cmdline></os><devices>"
		number=0
		while read -r source; do
			number=$((number + 1))
			echo "<disk type='$([ $number = 8 ] && echo volume || echo network)'><source $source><host name='u:SECRET89@h'/><cookies><cookie name='a'>SECRET93</cookie></cookies></source>"
			echo "<backingStore type='file'><source file='/b:SECRET94@h/$number'/></backingStore><target dev='vd$number'/>"
			echo "<driver name='qemu:u:SECRET95@h' cache='token=SECRET96'/></disk>"
		done < <(sources)
		echo "<graphics type='vnc' passwd='SECRET97'/><graphics type='spice' passwd='SECRET98'/></devices></domain>"
	} >dump.xml
}

# clean FILE...: expects that no file shows a secret, and that each file has some content.
clean() {
	local file
	for file; do
		[ -s "$file" ] || { echo "$file is empty" && return 1; }
		has_not "$file" SECRET
	done
}

@test "no report shows a secret" {
	local format
	dumps
	for format in text ndjson sarif junit html prom; do
		try 1 audit --format $format dump.sxp dump.xml
		cat out err >"all.$format"
		clean "all.$format"
	done
	for format in rule host domain; do
		try 1 audit --summary --group-by $format dump.sxp dump.xml
		cat out err >all
		clean all
	done
	has all.text DA131
	has all.text '***'
	try 0 audit --write-baseline known --fail-on critical dump.sxp dump.xml
	clean known
	try 0 explain DA131
}

@test "disks shows no secret in any format" {
	local format
	dumps
	for format in table ndjson csv tsv; do
		try 0 disks --format $format dump.sxp dump.xml
		cat out err >all
		clean all
		has all '***'
	done
	try 0 disks -v dump.sxp dump.xml
	clean out
}

@test "losses, their summary and messages show no secret" {
	dumps
	try 0 convert -v --losses losses -o converted dump.sxp
	clean losses err
	try 0 convert -v --losses losses -o converted dump.xml
	clean losses err
	has losses '***'
	for format in dump.sxp dump.xml; do
		try 0 convert -v --verify --manifest manifest -o converted $format
		clean err manifest
	done
	sed 's/<name>x1/<memory unit="u:SECRET99@h">1<\/memory>&/' dump.xml >broken.xml
	try 2 check broken.xml
	clean err
}

@test "diff shows no secret" {
	local format
	dumps
	sed 's/SECRET/SECRETnew/g; s/portal/other/' dump.xml >new.xml
	sed 's/SECRET/SECRETnew/g; s/portal/other/' dump.sxp >new.sxp
	for format in text ndjson; do
		try 1 diff --format $format dump.sxp new.sxp
		cat out err >all
		clean all
		try 1 diff --format $format dump.xml new.xml
		cat out err >all
		clean all
		try 1 diff --format $format dump.sxp dump.xml
		cat out err >all
		clean all
	done
}

@test "converted, refused and preserved domains keep every byte of a secret" {
	dumps
	try 0 convert -q dump.sxp
	for word in SECRET05 SECRET14 SECRET20 SECRET26; do
		has out $word
	done
	try 0 convert -q --preserve dump.sxp
	has out SECRET91
	sed 's/<\/domain>/<\/nothing>/' dump.xml >broken.xml
	try 2 check -q --rejects rejects broken.xml
	has rejects SECRET54
}

@test "a message with the beginning of a value shows no truncated secret" {
	local text="https://a.long.name.of.a.user.of.this.server:SECRET01SECRET02@host/x"
	{
		echo "$text"
		echo "<domain><name>x</name><memory unit='$text'>1</memory></domain>"
	} >dump.xml
	try 2 check dump.xml
	has err "text outside of any element: 'https://a.long.name.of.a.user.of.this.server:***@host/x'"
	has err "unknown memory unit 'https://a.long.name.of.a.user.of.this.se'"
	clean err
}
