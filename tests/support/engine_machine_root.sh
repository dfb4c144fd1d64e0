# Makes a machine with a container engine: a file tree of its own, written to in memory alone, processes and lines of its own,
# no way out. Told: a folder, the tree to stand on, the project's folder.
set -eu
folder=$1
stands_on=$2
source=$3
mount -t tmpfs tmpfs "$folder"
mkdir "$folder/up" "$folder/work" "$folder/root"
root=$folder/root
mount -t overlay overlay -o "lowerdir=$stands_on,upperdir=$folder/up,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
groups=$root/sys/fs/cgroup
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    mount -t cgroup2 cgroup2 "$groups"
else
    mount -t tmpfs tmpfs "$groups"
    for each in /sys/fs/cgroup/*/; do
        name=$(basename "$each")
        mkdir "$groups/$name"
        case $name in
        unified) mount -t cgroup2 cgroup2 "$groups/$name" ;;
        systemd) mount -t cgroup -o none,name=systemd cgroup "$groups/$name" ;;
        *) mount -t cgroup -o "$name" cgroup "$groups/$name" ;;
        esac
    done
fi
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mkdir -p "$root/var/lib/docker" "$root/run/before" "$root/srv/porchlight"
# An image lies in layers of its own, and they can lie on no others.
mount -t tmpfs tmpfs "$root/var/lib/docker"
# An empty folder, and in it what is handed out: nothing that was made or installed here.
git -C "$source" ls-files -z | tar -C "$source" --null -T - -c | tar -C "$root/srv/porchlight" -x --no-same-owner
ip link set lo up
# Somebody outside, for whoever has a way out (RFC 5737).
ip link add outside type bridge
ip address add 198.51.100.1/32 dev outside
ip link set outside up
cd "$root"
pivot_root . run/before
umount -l /run/before
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    tini -s -- dockerd --log-level warn >/var/log/dockerd.log 2>&1
