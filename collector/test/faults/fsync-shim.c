/*
 * Makes fsync() and fdatasync() of a collector's journal slow or failing, by LD_PRELOAD. The file
 * named by FSYNC_CONTROL says how, and is read at each call: "ok", "slow <milliseconds>", "fail".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int concerns_journal(int fd) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return strstr(path, "journal.db") != NULL;
}

static int obey(int fd) {
  char order[64] = "";
  const char *control = getenv("FSYNC_CONTROL");
  if (control == NULL || !concerns_journal(fd)) return 0;
  int file = open(control, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, order, sizeof order - 1);
  close(file);
  if (length <= 0) return 0;
  order[length] = '\0';
  if (strncmp(order, "slow ", 5) == 0) usleep((useconds_t)atoi(order + 5) * 1000);
  if (strncmp(order, "fail", 4) != 0) return 0;
  errno = EIO;
  return -1;
}

int fsync(int fd) {
  if (obey(fd) != 0) return -1;
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return real(fd);
}

int fdatasync(int fd) {
  if (obey(fd) != 0) return -1;
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return real(fd);
}
