/*
 * Mounts a file system on a folder whose every file and name hangs, as that of a server that is
 * gone: the kernel waits for answers of this process, which gives none. It ends with its stdin.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

int main(int count, char **arguments) {
  char options[128];
  char byte;
  if (count != 2) return 2;
  int device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) {
    fprintf(stderr, "/dev/fuse: %s\n", strerror(errno));
    return 1;
  }
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0", device);
  if (mount("gone", arguments[1], "fuse", 0, options) != 0) {
    fprintf(stderr, "mount: %s\n", strerror(errno));
    return 1;
  }
  puts("mounted");
  fflush(stdout);
  while (read(0, &byte, 1) > 0) {
  }
  /* Without its device, everything that waits fails. */
  umount2(arguments[1], MNT_DETACH);
  close(device);
  return 0;
}
