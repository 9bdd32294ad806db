/*
 * Kills the process at its n-th change of a file in a folder, by LD_PRELOAD: a write stops half way,
 * anything else before it happens. KILL_FOLDER names the folder, KILL_AT is n (0 never kills); at a
 * clean end the number of changes is written to the file KILL_COUNT.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int changes = 0;

static int is_inside(const char *path) {
  const char *folder = getenv("KILL_FOLDER");
  return folder != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int concerns(int fd) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return is_inside(path);
}

static int is_last(void) {
  const char *at = getenv("KILL_AT");
  return __atomic_add_fetch(&changes, 1, __ATOMIC_SEQ_CST) == (at == NULL ? 0 : atoi(at));
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

__attribute__((destructor)) static void tell(void) {
  const char *path = getenv("KILL_COUNT");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%d", changes);
  fclose(file);
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

typedef ssize_t (*pwrite_t)(int, const void *, size_t, off_t);
typedef ssize_t (*write_t)(int, const void *, size_t);
typedef int (*fd_t)(int);
typedef int (*truncate_t)(int, off_t);
typedef int (*unlink_t)(const char *);
typedef int (*rename_t)(const char *, const char *);

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
  if (concerns(fd) && is_last()) {
    REAL("pwrite64", pwrite_t)(fd, bytes, length / 2, at);
    die();
  }
  return REAL("pwrite64", pwrite_t)(fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return pwrite64(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  if (concerns(fd) && is_last()) {
    REAL("write", write_t)(fd, bytes, length / 2);
    die();
  }
  return REAL("write", write_t)(fd, bytes, length);
}

int fsync(int fd) {
  if (concerns(fd) && is_last()) die();
  return REAL("fsync", fd_t)(fd);
}

int fdatasync(int fd) {
  if (concerns(fd) && is_last()) die();
  return REAL("fdatasync", fd_t)(fd);
}

int ftruncate64(int fd, off_t length) {
  if (concerns(fd) && is_last()) die();
  return REAL("ftruncate64", truncate_t)(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  if (is_inside(path) && is_last()) die();
  return REAL("unlink", unlink_t)(path);
}

int rename(const char *from, const char *to) {
  if (is_inside(to) && is_last()) die();
  return REAL("rename", rename_t)(from, to);
}
