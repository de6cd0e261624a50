//! Library that a test preloads into workerd (`LD_PRELOAD`), to move its wall clock and to fill its
//! disk. `tests/support/machine.rs` compiles it.
//!
//! It maps the file named in `GRAPEVINE_TEST_MACHINE`: the milliseconds by which the wall clock is
//! moved, then whether the disk is full.

use std::ffi::{c_char, c_int, c_long, c_void};
use std::sync::atomic::{AtomicI64, AtomicPtr, Ordering};

const CLOCK_REALTIME: c_int = 0;
const ENOSPC: c_int = 28;
#[cfg(target_arch = "x86_64")]
const SYS_CLOCK_GETTIME: c_long = 228;
#[cfg(target_arch = "x86_64")]
const SYS_PWRITE64: c_long = 18;
#[cfg(target_arch = "aarch64")]
const SYS_CLOCK_GETTIME: c_long = 113;
#[cfg(target_arch = "aarch64")]
const SYS_PWRITE64: c_long = 68;

#[repr(C)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

#[repr(C)]
pub struct Timeval {
    seconds: i64,
    microseconds: i64,
}

#[repr(C)]
struct Machine {
    clock_ms: AtomicI64,
    disk_is_full: AtomicI64,
}

unsafe extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
    fn getenv(name: *const c_char) -> *const c_char;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn mmap(at: *mut c_void, length: usize, access: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn __errno_location() -> *mut c_int;
}

static UNMOVED: Machine = Machine { clock_ms: AtomicI64::new(0), disk_is_full: AtomicI64::new(0) };
static MACHINE: AtomicPtr<Machine> = AtomicPtr::new(std::ptr::null_mut());

fn machine() -> &'static Machine {
    let known = MACHINE.load(Ordering::Relaxed);
    if !known.is_null() {
        return unsafe { &*known };
    }
    let mapped = unsafe {
        let path = getenv(c"GRAPEVINE_TEST_MACHINE".as_ptr());
        if path.is_null() {
            return &UNMOVED;
        }
        let fd = open(path, 0);
        // Readable and shared.
        mmap(std::ptr::null_mut(), size_of::<Machine>(), 1, 1, fd, 0)
    };
    if mapped as isize == -1 {
        return &UNMOVED;
    }
    MACHINE.store(mapped.cast(), Ordering::Relaxed);
    unsafe { &*mapped.cast() }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int {
    let result = unsafe { syscall(SYS_CLOCK_GETTIME, c_long::from(clock), time) };
    if result == 0 && clock == CLOCK_REALTIME {
        let moved_ms = machine().clock_ms.load(Ordering::Relaxed);
        unsafe { (*time).seconds += moved_ms / 1_000 };
    }
    result as c_int
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn gettimeofday(time: *mut Timeval, _zone: *mut c_void) -> c_int {
    let mut now = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_REALTIME, &mut now) };
    unsafe { *time = Timeval { seconds: now.seconds, microseconds: now.nanoseconds / 1_000 } };
    0
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite64(fd: c_int, from: *const c_void, length: usize, offset: i64) -> isize {
    if machine().disk_is_full.load(Ordering::Relaxed) != 0 {
        unsafe { *__errno_location() = ENOSPC };
        return -1;
    }
    unsafe { syscall(SYS_PWRITE64, c_long::from(fd), from, length, offset) as isize }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn pwrite(fd: c_int, from: *const c_void, length: usize, offset: i64) -> isize {
    unsafe { pwrite64(fd, from, length, offset) }
}
