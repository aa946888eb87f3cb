# SPDX-License-Identifier: LGPL-2.1-or-later
# convert --preserve: originals that are stored and restored.

load helper

@test "domains that were converted with --preserve are restored byte for byte" {
	# shellcheck disable=SC2154 # from the helper
	"$gen" --format sexpr --domains 500 >dump
	"$domstream" convert --preserve -q dump >there
	try 0 convert there
	cmp dump out
	empty err
	"$gen" --format xml --wrapped --domains 500 >dump
	"$domstream" convert --preserve -q dump >there
	try 0 convert there
	# Everything except the XML declaration, which belongs to the document and not to a domain.
	tail -n +2 dump | cmp - out
	empty err
}

@test "every complete sample is restored: only the text between the domains is missing" {
	local file
	for file in "$samples"/xm-list-long-pv-hvm.sxp "$samples"/xend-3.0.2.sxp "$samples"/config.sxp; do
		"$domstream" convert --preserve -q "$file" >there
		"$domstream" convert -q there | diff <(grep -v '^#' "$file") - || return 1
	done
	for file in "$samples"/blktap.xml "$samples"/estate.xml "$samples"/concatenated.xml; do
		"$domstream" convert --preserve -q "$file" >there
		"$domstream" convert -q there >back
		diff <(sed -n '/<domain /,/<\/domain>/p' "$file") <(sed -n '/<domain /,/<\/domain>/p' back) -bw || return 1
	done
}

@test "a domain that was changed since is converted, and a loss is reported" {
	printf '(domain (name a) (memory 64) (shadow_memory 8) (odd thing))\n' >dump
	"$domstream" convert --preserve -q dump >there
	sed 's,65536</memory>,131072</memory>,' there >changed
	try 0 convert --losses losses changed
	has out "(maxmem 128)"
	has_not out "shadow_memory"
	grep -q '"reason":"stale"' losses
}

@test "nothing is lost with --preserve, also under --strict" {
	printf '(domain (name a) (shadow_memory 8) (odd thing))\n' >dump
	try 1 convert --strict dump
	try 0 convert --strict --preserve dump
}

@test "bytes that XML cannot represent are stored, too" {
	printf '(domain (name a) (odd "\001\377") (memory 64))\n' >dump
	"$domstream" convert --preserve -q dump >there
	grep -q "encoding='base64'" there
	try 0 convert there
	cmp dump out
}

@test "an original that is another domain, or not a domain, is not restored" {
	cat >forged <<-'END'
		<domain type='xen'>
		  <name>a</name>
		  <memory unit='KiB'>65536</memory>
		  <metadata>
		    <x:original xmlns:x='urn:domstream:1'>(domain (name b) (memory 64))(domain (name c))</x:original>
		  </metadata>
		</domain>
	END
	try 0 convert --losses losses forged
	has out "(name a)"
	has_not out "(name b)"
	grep -q '"reason":"stale"' losses
	sed 's/(domain (name c))//' forged >other
	try 0 convert --losses losses other
	has out "(name a)"
	grep -q '"reason":"stale"' losses
}

@test "metadata of other programs is a loss, and the program's own is not" {
	cat >mixed <<-'END'
		<domain type='xen'>
		  <name>a</name>
		  <metadata><v:vendor xmlns:v='urn:v'>1</v:vendor></metadata>
		</domain>
	END
	try 0 convert --losses losses mixed
	grep -q '"path":"metadata"' losses
	printf '(domain (name a))\n' | "$domstream" convert --preserve -q - >own
	try 0 convert --losses losses own
	empty losses
}
