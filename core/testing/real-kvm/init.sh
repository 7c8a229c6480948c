#!/bin/busybox sh
# The first process of the host: loads KVM, runs the job, sends what it left in /out over the console, powers off.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in /modules/*.ko; do
	[ -e "$module" ] && insmod "$module"
done
if [ ! -e /dev/kvm ]; then
	dmesg | grep -i kvm
	echo "=====NOKVM"
	poweroff -f
fi
dmesg > /out/host-dmesg.txt
cd /job
sh ./job.sh
echo "=====BEGIN"
tar -cz -C /out . | base64
echo "=====END"
poweroff -f
