//! Headcount for Rust 1.56 and later: one report a day, without a word. Standard library alone; as that has no
//! TLS, requests are made by the program `curl`, and without it nothing is sent. Unix. MIT licence.
//! Copy this file beside your main.rs:
//!
//! ```ignore
//! mod headcount;
//! let app = headcount::App { project: "acme-cli", version: "2.3.1", endpoint: "https://stats.acme.dev", channel: "" };
//! let _reporting = headcount::start(app); // not `let _ =`, which waits at once
//! ```
//!
//! The program reports while it works. Where `_reporting` ends, at the end of `main`, it waits for what is under way:
//! once a day, until about 3 seconds after `start` at most. What is sent, and when:
//! https://github.com/headcount-dev/headcount/blob/main/docs/protocol.md
use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// The program that reports. `channel` is how it was installed (`brew`, `deb`, …), or empty.
pub struct App<'a> {
    pub project: &'a str,
    pub version: &'a str,
    pub endpoint: &'a str,
    pub channel: &'a str,
}

const WAIT_S: u64 = 600;
const DAY_S: u64 = 86_400;
const SYSTEMS: &str = "TF_BUILD:azure-pipelines BUILDKITE:buildkite CIRCLECI:circleci GITHUB_ACTIONS:github-actions \
    GITLAB_CI:gitlab-ci JENKINS_URL:jenkins TEAMCITY_VERSION:teamcity TRAVIS:travis-ci CI BUILD_ID BUILD_NUMBER \
    CI_APP_ID CI_BUILD_ID CI_BUILD_NUMBER CI_NAME CONTINUOUS_INTEGRATION RUN_ID";

/// A report that is under way. Its end waits for it: a program that ends before could not note the answer, and would
/// send the report again. `std::process::exit` does not wait; `drop` this before.
#[must_use]
#[allow(dead_code)] // a program may call report() alone
pub struct Reporting(Option<std::thread::JoinHandle<bool>>);

impl Drop for Reporting {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            let _ = thread.join();
        }
    }
}

/// Reports in the background, until the end of what it returns.
#[allow(dead_code)]
pub fn start(app: App<'static>) -> Reporting {
    Reporting(std::thread::Builder::new().name("headcount".to_string()).spawn(move || report(&app)).ok())
}

/// Sends the report of the day, if there is one to send. It takes about 3 seconds at most, and never panics.
/// Returns whether the day's report is delivered.
pub fn report(app: &App) -> bool {
    try_report(app).unwrap_or(false)
}

fn try_report(app: &App) -> io::Result<bool> {
    let App { project, channel, .. } = *app;
    let is_named = !project.is_empty() && project.len() <= 214 && project.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if !is_named || is_off(project) {
        return Ok(false);
    }
    let version: String = if app.version.is_empty() { "unknown" } else { app.version }.chars().take(64).collect();
    let (config, state) = folders(project)?;
    let level = level_in(&config)?;
    let (url, origin, is_batch) = parse_endpoint(app.endpoint).ok_or_else(refused)?;
    for folder in [&config, &state] {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        check_own(&fs::symlink_metadata(folder)?)?;
    }
    if read(&state.join("retired")).as_deref() == Some(version.as_str()) || must_wait(read(&state.join("wait"))) {
        return Ok(false);
    }
    let now = now()?.as_secs();
    let today = format!("day.{}", &moment(now)[..10]);
    let marker = state.join(&today);
    if is_there(&marker) && read(&marker).unwrap_or_default().is_empty() {
        return Ok(true);
    }
    let id = identify(&config, project, &origin)?;
    add(&state.join("app.json"), &app_record(project, &version, app.endpoint))?;
    read(&state.join("app.json")).ok_or_else(refused)?;
    let collector = state.join(format!("collector.{}", &hex(&sha256(app.endpoint.as_bytes()))[..16]));
    if read(&collector).as_deref() != Some(app.endpoint) {
        put(&collector, app.endpoint)?;
    }
    let report = new_report(&id, project, &version, channel, level)?;
    let text = match take(&state, &marker, &id, report)? {
        Some(text) => text,
        None => return Ok(false),
    };
    level_in(&config)?;
    if is_off(project) {
        return Ok(false);
    }
    let (meaning, after) = send(&url, is_batch, &text);
    if meaning == "retired" {
        put(&state.join("retired"), &version)?;
    }
    if meaning != "failure" {
        put(&marker, "")?;
    } else if after > WAIT_S {
        put(&state.join("wait"), &(now + after.min(DAY_S)).to_string())?;
    }
    for entry in fs::read_dir(&state)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_marker = name.starts_with("day.") && name.len() == today.len() && name != today;
        if is_marker || name.starts_with("claim.") {
            let _ = fs::remove_file(entry.path()); // another process may be first
        }
    }
    remove_drafts(&config);
    remove_drafts(&state);
    Ok(meaning == "acknowledged")
}

/// Deletes what a program left that was killed while it wrote.
fn remove_drafts(folder: &Path) {
    let names = ["anonymous-id", "owner-secret", "app.json", "wait", "retired"];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (base, nonce) = name.rsplit_once('.').unwrap_or(("", ""));
        let is_draft = is_hex(nonce, 16) && (names.contains(&base) || base.starts_with("day.") || base.starts_with("collector."));
        let modified = entry.metadata().and_then(|found| found.modified()).ok();
        let age = modified.and_then(|moment| moment.elapsed().ok()).map_or(0, |age| age.as_secs());
        if is_draft && age > WAIT_S {
            let _ = fs::remove_file(entry.path()); // another process may be first
        }
    }
}

fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "nothing is sent")
}

fn now() -> io::Result<std::time::Duration> {
    SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| refused())
}

// 1. Consent

fn is_off(project: &str) -> bool {
    let upper = project.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut name = words.join("_");
    if name.starts_with(|sign: char| sign.is_ascii_digit()) {
        name.insert_str(0, "APP_");
    }
    let is_set = |variable: &str| match env::var_os(variable) {
        Some(value) => !matches!(value.to_string_lossy().trim().to_lowercase().as_str(), "" | "0" | "false" | "off" | "no"),
        None => false,
    };
    let others = ["HEADCOUNT_CHILD", "SUDO_UID", "SUDO_USER", "PKEXEC_UID", "DOAS_USER"];
    ["DO_NOT_TRACK", "HEADCOUNT_DISABLED", &format!("{}_TELEMETRY_DISABLED", name)].iter().any(|each| is_set(each))
        || others.iter().any(|each| env::var_os(each).is_some())
        || cfg!(test)
}

fn level_in(config: &Path) -> io::Result<&'static str> {
    for folder in [config.to_path_buf(), config.with_file_name("_all")] {
        let path = folder.join("choice");
        match fs::symlink_metadata(&path) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(20) => continue, // ENOTDIR
            Err(error) => return Err(error),
        }
        let members = members_of(&read_own(&path)?).ok_or_else(refused)?;
        return match member(&members, "telemetry") {
            "\"on\"" => Ok("full"),
            "\"basic\"" => Ok("basic"),
            _ => Err(refused()),
        };
    }
    Ok("full")
}

// 2. Files

fn folders(project: &str) -> io::Result<(PathBuf, PathBuf)> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = absolute("HOME").ok_or_else(refused)?;
    check_own(&fs::metadata(&home)?)?;
    let (config, state) = if cfg!(target_os = "macos") {
        (home.join("Library/Preferences"), home.join("Library/Application Support"))
    } else {
        let config = absolute("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"));
        (config, absolute("XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share")))
    };
    let folder = folder_of(project);
    Ok((config.join("headcount").join(&folder), state.join("headcount").join(&folder)))
}

fn folder_of(project: &str) -> String {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_plain = project.bytes().all(|byte| is_word(byte) || b"._-".contains(&byte)) && is_word(project.as_bytes()[0]);
    let first = project.split('.').next().unwrap_or("");
    let is_port = first.len() == 4 && (first.starts_with("com") || first.starts_with("lpt")) && first.ends_with(|end: char| end.is_ascii_digit());
    let is_device = is_port || ["con", "prn", "aux", "nul"].contains(&first);
    if is_plain && !project.contains("..") && !project.ends_with('.') && project.len() <= 64 && !is_device {
        return project.to_string();
    }
    let lower = project.to_ascii_lowercase();
    let mut readable = String::new();
    for sign in lower.chars() {
        if sign.is_ascii_alphanumeric() {
            readable.push(sign);
        } else if !readable.is_empty() && !readable.ends_with('-') {
            readable.push('-');
        }
    }
    readable.truncate(40);
    let readable = readable.trim_end_matches('-');
    format!("{}+{}", if readable.is_empty() { "project" } else { readable }, &hex(&sha256(project.as_bytes()))[..12])
}

extern "C" {
    fn geteuid() -> u32;
}

fn check_own(found: &fs::Metadata) -> io::Result<()> {
    // Safe: it has no arguments, and cannot fail.
    let is_own = found.uid() == unsafe { geteuid() };
    if is_own && !found.file_type().is_symlink() { Ok(()) } else { Err(refused()) }
}

fn read_own(path: &Path) -> io::Result<String> {
    let found = fs::symlink_metadata(path)?;
    check_own(&found)?;
    if !found.is_file() {
        return Err(refused());
    }
    Ok(fs::read_to_string(path)?.trim().to_string())
}

fn read(path: &Path) -> Option<String> {
    read_own(path).ok()
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

fn draft(path: &Path, text: &str) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", hex(&random(8)?)));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&name)?;
    if !text.is_empty() {
        file.write_all(format!("{}\n", text).as_bytes())?;
    }
    Ok(PathBuf::from(name))
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    fs::rename(draft(path, text)?, path)
}

/// Creates a file in one step. Returns whether there was none.
fn add(path: &Path, text: &str) -> io::Result<bool> {
    let draft = draft(path, text)?;
    let is_new = match fs::hard_link(&draft, path) {
        Ok(()) => true,
        Err(_) if fs::symlink_metadata(path).is_ok() => false,
        Err(_) => return fs::rename(&draft, path).map(|_| true), // a disk without hard links
    };
    fs::remove_file(&draft)?;
    Ok(is_new)
}

// 3. The ID

struct Identity {
    anonymous_id: String,
    owner: Option<String>,
    source: String,
    is_persisted: bool,
    ci: Option<String>,
}

impl Identity {
    /// What a report says of the ID, up to what follows.
    fn members(&self) -> String {
        let owner = self.owner.as_ref().map_or(String::new(), |owner| format!("\"owner\":\"{}\",", owner));
        format!("\"anonymous_id\":\"{}\",{}\"timestamp\"", self.anonymous_id, owner)
    }
}

fn ci_system() -> Option<String> {
    let value = |name: &str| env::var_os(name).map_or(String::new(), |value| value.to_string_lossy().into_owned());
    if value("CI") == "false" {
        return None;
    }
    SYSTEMS.split_whitespace().find_map(|entry| {
        let mut parts = entry.split(':');
        let variable = parts.next().unwrap_or("");
        let system = parts.next().unwrap_or("unknown");
        let is_there = !value(variable).is_empty() && (system != "jenkins" || !value("BUILD_ID").is_empty());
        if is_there { Some(system.to_string()) } else { None }
    })
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

fn is_stored_id(text: &str) -> bool {
    let parts: Vec<&str> = text.split(' ').collect();
    let has_check = parts.len() == 2 || parts.len() == 3 && is_hex(parts[2], 16);
    has_check && is_hex(parts[0], 16) && ["machine", "time", "copied"].contains(&parts[1])
}

fn identify(config: &Path, project: &str, origin: &str) -> io::Result<Identity> {
    let given = env::var("HEADCOUNT_ANONYMOUS_ID").unwrap_or_default();
    let ci = ci_system();
    if is_hex(&given, 16) {
        return Ok(Identity { anonymous_id: given, owner: None, source: "given".into(), is_persisted: true, ci });
    }
    if let Some(system) = &ci {
        return Ok(Identity { anonymous_id: format!("ci-{}", system), owner: None, source: "ci".into(), is_persisted: false, ci });
    }
    let stored = keep(&config.join("anonymous-id"), is_stored_id, &format!("{} time", hex(&random(8)?)))?;
    let secret = keep(&config.join("owner-secret"), |text| is_hex(text, 64), &hex(&random(32)?))?;
    let key: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&secret[2 * at..2 * at + 2], 16).unwrap_or(0)).collect();
    let proof = hex(&hmac_sha256(&key, format!("{}\n{}", origin, project).as_bytes()));
    let owner = hex(&sha256(proof.as_bytes()))[..32].to_string();
    let mut parts = stored.split(' ').map(String::from);
    let (anonymous_id, source) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    Ok(Identity { anonymous_id, owner: Some(owner), source, is_persisted: true, ci: None })
}

fn keep(path: &Path, is_valid: impl Fn(&str) -> bool, new: &str) -> io::Result<String> {
    let was_there = fs::symlink_metadata(path).is_ok(); // asked first: what comes meanwhile stays
    if let Some(text) = read(path).filter(|text| is_valid(text)) {
        return Ok(text);
    }
    if was_there {
        fs::remove_file(path)?;
    }
    add(path, new)?;
    read(path).filter(|text| is_valid(text)).ok_or_else(refused) // only what the next run finds counts
}

fn random(count: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; count];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{:02x}", byte)).collect()
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> [u8; 32] {
    let padded = |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect() };
    let inner = sha256(&[padded(0x36), text.to_vec()].concat());
    sha256(&[padded(0x5c), inner.to_vec()].concat())
}

/// FIPS 180-4, section 6.2. The constants are made as its section 4.2.2 says.
fn sha256(text: &[u8]) -> [u8; 32] {
    let primes: Vec<u64> = (2..312u64).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
    let fraction = |root: f64| (root.fract() * 4_294_967_296.0) as u32;
    let k: Vec<u32> = primes.iter().map(|prime| fraction((*prime as f64).cbrt())).collect();
    let mut hash: Vec<u32> = primes[..8].iter().map(|prime| fraction((*prime as f64).sqrt())).collect();
    let mut padded = text.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8 + 63) / 64 * 64 - 8, 0);
    padded.extend_from_slice(&(text.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut w: Vec<u32> = block.chunks(4).map(|four| four.iter().fold(0, |word, byte| word << 8 | u32::from(*byte))).collect();
        for t in 16..64 {
            let s0 = w[t - 15].rotate_right(7) ^ w[t - 15].rotate_right(18) ^ w[t - 15] >> 3;
            let s1 = w[t - 2].rotate_right(17) ^ w[t - 2].rotate_right(19) ^ w[t - 2] >> 10;
            w.push(w[t - 16].wrapping_add(s0).wrapping_add(w[t - 7]).wrapping_add(s1));
        }
        let mut v = hash.clone();
        for t in 0..64 {
            let s1 = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = v[4] & v[5] ^ !v[4] & v[6];
            let t1 = v[7].wrapping_add(s1).wrapping_add(choice).wrapping_add(k[t]).wrapping_add(w[t]);
            let s0 = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2];
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(t1);
            v[0] = t1.wrapping_add(s0).wrapping_add(majority);
        }
        for (word, add) in hash.iter_mut().zip(v) {
            *word = word.wrapping_add(add);
        }
    }
    let mut digest = [0; 32];
    for (four, word) in digest.chunks_mut(4).zip(hash) {
        four.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

// 4. The day marker

fn must_wait(text: Option<String>) -> bool {
    let now = now().map_or(0, |now| now.as_secs());
    text.and_then(|text| text.parse::<u64>().ok()).map_or(false, |until| until > now && until - now <= DAY_S)
}

/// Returns what to send now, if anything. One process at a time decides; the others get an error.
fn take(state: &Path, marker: &Path, id: &Identity, report: String) -> io::Result<Option<String>> {
    let now = now()?.as_secs();
    let claim = |slot: u64| state.join(format!("claim.{}", slot));
    let slot = now / WAIT_S;
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(claim(slot))?;
    let is_free = !is_there(&claim(slot - 1)) && !is_there(&claim(slot + 1));
    let taken = if is_free { take_claimed(state, marker, id, report, now) } else { Ok(None) };
    let _ = fs::remove_file(claim(slot)); // another process may be first
    taken
}

fn take_claimed(state: &Path, marker: &Path, id: &Identity, report: String, now: u64) -> io::Result<Option<String>> {
    if must_wait(read(&state.join("wait"))) {
        return Ok(None);
    }
    let mut text = report;
    if is_there(marker) {
        text = read(marker).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        if !text.contains(&id.members()) {
            return put(marker, "").map(|_| None);
        }
    } else if !add(marker, &text)? {
        return Ok(None);
    }
    put(&state.join("wait"), &(now + WAIT_S).to_string())?;
    Ok(Some(text))
}

// 5. The report

fn new_report(id: &Identity, project: &str, version: &str, channel: &str, level: &str) -> io::Result<String> {
    let now = now()?;
    let (time, digits) = (format!("{:012x}", now.as_millis()), hex(&random(10)?));
    let variant = ["8", "9", "a", "b"][usize::from(digits.as_bytes()[19] & 3)];
    let report_id = format!("{}-{}-7{}-{}{}-{}", &time[..8], &time[8..], &digits[..3], variant, &digits[3..6], &digits[6..18]);
    let is_word = !channel.is_empty() && channel.bytes().all(|byte| byte.is_ascii_lowercase());
    let or_null = |text: Option<&str>| text.map_or("null".to_string(), quoted);
    let os = match env::consts::OS { "linux" => "Linux", "macos" => "Darwin", "freebsd" => "FreeBSD", other => other };
    let arch = match env::consts::ARCH { "x86_64" => "x64", "aarch64" => "arm64", "x86" => "ia32", other => other };
    let info = format!(
        "{{\"os\":{},\"arch\":{},\"version\":{},\"runtime\":\"rust\",\"id_source\":\"{}\",\"id_persisted\":{},\"ci\":{},\"channel\":{},\"level\":\"{}\"}}",
        quoted(os), quoted(arch), quoted(version), id.source, id.is_persisted, or_null(id.ci.as_deref()),
        or_null(Some(channel).filter(|_| is_word)), level
    );
    let timestamp = format!("{}.{:03}Z", moment(now.as_secs()).trim_end_matches('Z'), now.subsec_millis());
    Ok(format!(
        "{{\"report_id\":\"{}\",{}:\"{}\",\"project\":{},\"event\":\"startup\",\"info\":{}}}",
        report_id, id.members(), timestamp, quoted(project), info
    ))
}

/// What the `headcount` command needs to know, to show and delete what was sent.
fn app_record(project: &str, version: &str, endpoint: &str) -> String {
    let rest = "\"mode\":\"on\",\"notice\":\"none\",\"events\":\"\",\"inCode\":true";
    format!("{{\"project\":{},\"version\":{},\"endpoint\":{},{}}}", quoted(project), quoted(version), quoted(endpoint), rest)
}

fn quoted(text: &str) -> String {
    let mut result = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => result.extend(['\\', sign]),
            sign if sign < ' ' => result.push_str(&format!("\\u{:04x}", sign as u32)),
            sign => result.push(sign),
        }
    }
    result + "\""
}

/// A moment as ISO 8601. The day is counted from March on, so that a leap day is the last of its year.
fn moment(seconds: u64) -> String {
    let days = seconds / DAY_S + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = 400 * era + year + u64::from(month <= 2);
    let of_day = seconds % DAY_S;
    format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, of_day / 3_600, of_day / 60 % 60, of_day % 60)
}

fn parse_endpoint(text: &str) -> Option<(String, String, bool)> {
    let text = text.split('#').next()?;
    let scheme = text.split("://").next()?.to_ascii_lowercase();
    let rest = text.get(scheme.len() + 3..)?;
    let host = rest.split(|sign| sign == '/' || sign == '?').next()?.to_ascii_lowercase();
    let own_port = match scheme.as_str() { "https" => ":443", "http" => ":80", _ => return None };
    let host = host.strip_suffix(own_port).unwrap_or(&host);
    let name = if host.starts_with('[') { host.split(']').next()?.get(1..)? } else { host.split(':').next()? };
    let is_this_machine = name == "localhost" || name == "::1" || {
        let parts: Vec<&str> = name.split('.').collect();
        parts.len() == 4 && parts[0] == "127" && parts.iter().all(|part| part.parse::<u8>().is_ok())
    };
    let is_safe = scheme == "https" || is_this_machine;
    if name.is_empty() || !is_safe || rest.contains('@') || !text.bytes().all(|byte| (b'!'..=b'~').contains(&byte)) {
        return None;
    }
    let origin = format!("{}://{}", scheme, host);
    let path = rest.find(|sign| sign == '/' || sign == '?').map_or("", |at| &rest[at..]);
    let path = if path.is_empty() || path == "/" { "/v1/reports" } else { path };
    let is_batch = path.split('?').next()?.ends_with("/v1/reports");
    Some((format!("{}{}", origin, path), origin, is_batch))
}

fn send(url: &str, is_batch: bool, text: &str) -> (&'static str, u64) {
    let sent_at = moment(now().map_or(0, |now| now.as_secs()));
    let body = if is_batch { format!("{{\"sent_at\":\"{}\",\"reports\":[{}]}}", sent_at, text) } else { text.to_string() };
    let answer = match curl(url, &body) {
        Ok(answer) => answer.replace("\r\n", "\n"),
        Err(_) => return ("failure", 0),
    };
    let (head, content) = match answer.find("\n\n") {
        Some(at) => (&answer[..at], &answer[at + 2..]),
        None => return ("failure", 0),
    };
    let mut lines = head.lines();
    let status: u16 = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|word| word.parse().ok()).unwrap_or(0);
    let headers: Vec<(String, &str)> = lines.filter_map(|line| line.find(':').map(|at| (line[..at].to_ascii_lowercase(), line[at + 1..].trim()))).collect();
    let header = |name: &str| headers.iter().find(|(found, _)| found == name).map_or("", |(_, value)| *value);
    let after = header("retry-after").parse().unwrap_or(0);
    (meaning(status, &header("content-type").to_ascii_lowercase(), content, is_batch), after)
}

fn curl(url: &str, body: &str) -> io::Result<String> {
    let fixed = ["-q", "-si", "-m", "3", "--max-filesize", "131072", "--suppress-connect-headers", "-A", "headcount-rust/1"];
    let mut child = Command::new("curl")
        .args(fixed)
        .args(["-H", "Content-Type: application/json", "-H", "Expect:", "--data-binary", "@-", "--", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(body.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if output.status.success() { String::from_utf8(output.stdout).map_err(|_| refused()) } else { Err(refused()) }
}

// 6. The answer

fn meaning(status: u16, kind: &str, content: &str, is_batch: bool) -> &'static str {
    let members = members_of(content);
    let said = members.as_deref().unwrap_or(&[]);
    if (200..=299).contains(&status) {
        let is_page = is_batch && kind.starts_with("text/html");
        return if content.trim().is_empty() || is_json(content) && !is_page { "acknowledged" } else { "failure" };
    }
    let kind = kind.split(';').next().unwrap_or("").trim();
    let is_problem = kind == "application/problem+json"
        && member(said, "type").starts_with("\"urn:headcount:problem:")
        && member(said, "status") == status.to_string();
    match status {
        410 if is_problem => "retired",
        407 | 408 | 425 | 429 => "failure",
        400..=499 if is_problem || !is_batch && members.is_some() => "refused",
        _ => "failure",
    }
}

/// The members of an object, names and values as they are written; `None` if the text is none.
fn members_of(text: &str) -> Option<Vec<(String, String)>> {
    let mut members = Vec::new();
    let rest = value(text.trim(), 0, &mut |name, value| members.push((name.to_string(), value.to_string())))?;
    if rest.trim().is_empty() && text.trim().starts_with('{') { Some(members) } else { None }
}

fn is_json(text: &str) -> bool {
    value(text.trim(), 0, &mut |_, _| {}).map_or(false, |rest| rest.trim().is_empty())
}

fn member<'a>(members: &'a [(String, String)], name: &str) -> &'a str {
    let wanted = quoted(name);
    members.iter().rev().find(|(found, _)| *found == wanted).map_or("", |(_, value)| value)
}

/// Reads a JSON value, RFC 8259, and returns what follows it. `found` gets the members of the outermost object.
fn value<'a>(text: &'a str, depth: usize, found: &mut dyn FnMut(&str, &str)) -> Option<&'a str> {
    let text = text.trim_start();
    let close = match text.chars().next()? {
        '"' => return string(text),
        '{' => '}',
        '[' => ']',
        _ => {
            let end = text.find(|sign: char| !sign.is_ascii_alphanumeric() && !"+-.".contains(sign)).unwrap_or(text.len());
            let word = &text[..end];
            let is_number = word.starts_with(|first: char| first == '-' || first.is_ascii_digit()) && word.parse::<f64>().is_ok();
            return if is_number || ["true", "false", "null"].contains(&word) { Some(&text[end..]) } else { None };
        }
    };
    if depth > 32 {
        return None;
    }
    let mut rest = text[1..].trim_start();
    if let Some(after) = rest.strip_prefix(close) {
        return Some(after);
    }
    loop {
        let start = rest;
        let mut name = "";
        if close == '}' {
            let after = string(rest)?;
            name = &start[..start.len() - after.len()];
            rest = after.trim_start().strip_prefix(':')?.trim_start();
        }
        let after = value(rest, depth + 1, &mut |_, _| {})?;
        if close == '}' {
            found(name, &rest[..rest.len() - after.len()]);
        }
        rest = after.trim_start();
        if let Some(after) = rest.strip_prefix(close) {
            return Some(after);
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

fn string(text: &str) -> Option<&str> {
    let mut signs = text.char_indices();
    if signs.next()?.1 != '"' {
        return None;
    }
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return Some(&text[at + 1..]),
            '\\' => drop(signs.next()?),
            sign if sign < ' ' => return None,
            _ => {}
        }
    }
    None
}
