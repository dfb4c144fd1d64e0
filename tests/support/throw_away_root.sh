# Makes a machine of its own out of this one's file tree, for a guide to be tried in: what is written lies in memory and goes
# with it, processes, names and lines are its own, and a systemd is its process 1. Told: a folder, and the project's.
set -eu
folder=$1
source=$2
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/up" "$folder/work" "$folder/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/up,workdir=$folder/work" "$folder/root"
root=$folder/root
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root/run/before" "$root/srv/porchlight"
mount --bind "$source" "$root/srv/porchlight"
ip link set lo up
head -c16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$root/etc/machine-id"
# Of this machine's own services none is started there, and none of its users' files is seen.
rm -rf "$root"/etc/systemd/system/*
ln -sf /lib/systemd/system/basic.target "$root/etc/systemd/system/default.target"
cd "$root"
pivot_root . run/before
umount -l /run/before
exec env -i container=guide PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --show-status=no
