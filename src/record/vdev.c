/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/vdev.h"

#include "record/text.h"

#include <string.h>

/* The major numbers of Linux: sd has 16 disks of 16 minor numbers for each, hd has 2 of 64. */
static const unsigned char sd_majors[] = {8, 65, 66, 67, 68, 69, 70, 71};
static const unsigned char hd_majors[] = {3, 22, 33, 34, 56, 57, 88, 89, 90, 91};

#define XVD_MAJOR 202u
/** The bit of the numbers for disks and partitions from 16 on. */
#define EXTENDED (1u << 28)

static const struct limits {
	const char *prefix;
	uint32_t disks;
	uint32_t partitions;
} limits[] = {
	[VDEV_XVD] = {"xvd", 1u << 20, 255},
	[VDEV_SD] = {"sd", 16 * sizeof sd_majors, 15},
	[VDEV_HD] = {"hd", 2 * sizeof hd_majors, 63},
};

static bool in_limits(const struct vdev *vdev)
{
	return vdev->disk < limits[vdev->kind].disks &&
		vdev->partition <= limits[vdev->kind].partitions;
}

/** Returns the index of a major number, or `count`. */
static uint32_t major_index(const unsigned char *majors, uint32_t count, uint64_t major)
{
	uint32_t i = 0;

	while (i < count && majors[i] != major)
		i++;
	return i;
}

static bool from_number(uint64_t number, struct vdev *vdev)
{
	uint32_t major = (uint32_t)(number >> 8), minor = (uint32_t)(number & 255);
	uint32_t index;

	if (number >= (uint64_t)EXTENDED << 1)
		return false;
	if (number & EXTENDED) {
		*vdev = (struct vdev){VDEV_XVD, (uint32_t)(number & (EXTENDED - 1)) >> 8, minor,
			true};
		return in_limits(vdev);
	}
	if (major == XVD_MAJOR) {
		*vdev = (struct vdev){VDEV_XVD, minor >> 4, minor & 15, true};
		return true;
	}
	index = major_index(sd_majors, sizeof sd_majors, major);
	if (index < sizeof sd_majors) {
		*vdev = (struct vdev){VDEV_SD, index * 16 + (minor >> 4), minor & 15, true};
		return true;
	}
	index = major_index(hd_majors, sizeof hd_majors, major);
	if (index == sizeof hd_majors || minor >= 128)
		return false;
	*vdev = (struct vdev){VDEV_HD, index * 2 + (minor >> 6), minor & 63, true};
	return true;
}

/** Parses letters that count in base 26 without a zero: a … z, aa, ab … */
static bool from_letters(struct ds_text name, struct vdev *vdev)
{
	uint64_t disk = 0, partition = 0;
	size_t at = 0;

	for (; at < name.size && name.data[at] >= 'a' && name.data[at] <= 'z'; at++) {
		disk = disk * 26 + (uint64_t)(name.data[at] - 'a' + 1);
		if (disk > UINT32_MAX)
			return false;
	}
	if (!at)
		return false;
	if (at < name.size &&
		(name.data[at] == '0' || !text_unsigned(text_from(name, at), &partition) ||
			partition > 255))
		return false;
	vdev->disk = (uint32_t)(disk - 1);
	vdev->partition = (uint32_t)partition;
	vdev->is_number = false;
	return in_limits(vdev);
}

bool vdev_parse(struct ds_text name, struct vdev *vdev)
{
	uint64_t number;

	if (text_starts(name, "/dev/"))
		name = text_from(name, 5);
	else if (text_number(name, &number))
		return from_number(number, vdev);
	if (text_starts(name, "xvd"))
		vdev->kind = VDEV_XVD;
	else if (text_starts(name, "sd"))
		vdev->kind = VDEV_SD;
	else if (text_starts(name, "hd"))
		vdev->kind = VDEV_HD;
	else
		return false;
	return from_letters(text_from(name, vdev->kind == VDEV_XVD ? 3 : 2), vdev);
}

size_t vdev_name(const struct vdev *vdev, char name[VDEV_NAME_SIZE])
{
	const char *prefix = limits[vdev->kind].prefix;
	size_t prefix_size = strlen(prefix), at = VDEV_NAME_SIZE - 1;
	char room[VDEV_NAME_SIZE];

	room[at] = '\0';
	for (uint32_t left = vdev->partition; left; left /= 10)
		room[--at] = (char)('0' + left % 10);
	for (uint32_t left = vdev->disk + 1; left; left = (left - 1) / 26)
		room[--at] = (char)('a' + (left - 1) % 26);
	at -= prefix_size;
	memcpy(room + at, prefix, prefix_size);
	memcpy(name, room + at, sizeof room - at);
	return sizeof room - 1 - at;
}

/** Returns the name that libvirt would write: a number is replaced by its name, and "/dev/" is
 * removed. */
static struct ds_text plain_name(struct ds_text target, char name[VDEV_NAME_SIZE])
{
	struct vdev vdev;

	if (!target.size || !(byte_is_digit(target.data[0]) || target.data[0] == '/') ||
		!vdev_parse(target, &vdev))
		return target;
	return (struct ds_text){name, vdev_name(&vdev, name)};
}

uint64_t vdev_bus(struct ds_text target, struct ds_text bus)
{
	char name[VDEV_NAME_SIZE];
	uint64_t key = 0;

	target = plain_name(target, name);
	if (!text_given(bus))
		bus = text_starts(target, "xvd")    ? TEXT("xen")
			: text_starts(target, "sd") ? TEXT("scsi")
			: text_starts(target, "vd") ? TEXT("virtio")
			: text_starts(target, "fd") ? TEXT("fdc")
						    : TEXT("ide");
	memcpy(&key, bus.data, bus.size < sizeof key ? bus.size : sizeof key);
	return key;
}

uint64_t vdev_letters(struct ds_text target)
{
	static const char *const prefixes[] = {"xvd", "hd", "sd", "vd", "fd", "ubd"};
	char name[VDEV_NAME_SIZE];
	uint64_t index = 0;

	target = plain_name(target, name);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (!text_starts(target, prefixes[i]))
			continue;
		target = text_from(target, strlen(prefixes[i]));
		for (size_t k = 0;
			k < target.size && target.data[k] >= 'a' && target.data[k] <= 'z' && k < 8;
			k++)
			index = index * 26 + (uint64_t)(target.data[k] - 'a' + 1);
		return index;
	}
	return 0;
}

int vdev_compare(struct ds_text one, struct ds_text other)
{
	char names[2][VDEV_NAME_SIZE];

	return text_compare(plain_name(one, names[0]), plain_name(other, names[1]));
}
