//! Pictures kept beside the tests: `tests/pictures/NAME.png`.
//!
//! A change that is meant is taken over with `UPDATE_PICTURES=1 cargo test --test journeys`, looked at, and committed.

use egui::{Color32, ColorImage};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// A pixel differs when one of its channels is further off than this: rounding is no difference.
const TOLERANCE: u8 = 8;

/// Holds `picture` against the kept one.
///
/// # Panics
/// When they differ; the new picture is then in `target/pictures/NAME.new.png`.
#[track_caller]
pub fn assert_picture(name: &str, picture: &ColorImage) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept_path = root.join("tests/pictures").join(format!("{name}.png"));
    if std::env::var_os("UPDATE_PICTURES").is_some() {
        write(&kept_path, picture);
        return;
    }
    let problem = if kept_path.exists() { difference(&read(&kept_path), picture) } else { Some("is new".to_owned()) };
    if let Some(problem) = problem {
        let new_path = root.join("target/pictures").join(format!("{name}.new.png"));
        write(&new_path, picture);
        panic!("the picture {name} {problem}; see {}", new_path.display());
    }
}

fn difference(kept: &ColorImage, picture: &ColorImage) -> Option<String> {
    if kept.size != picture.size {
        return Some(format!("was {:?} and is {:?} pixels", kept.size, picture.size));
    }
    let differs = |(kept, new): (&Color32, &Color32)| {
        kept.to_array().into_iter().zip(new.to_array()).any(|(kept, new)| kept.abs_diff(new) > TOLERANCE)
    };
    let count = kept.pixels.iter().zip(&picture.pixels).filter(|pair| differs(*pair)).count();
    (count > 0).then(|| format!("differs in {count} pixels"))
}

fn write(path: &PathBuf, picture: &ColorImage) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut encoder = png::Encoder::new(File::create(path).unwrap(), picture.width() as u32, picture.height() as u32);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let bytes: Vec<u8> = picture.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
    encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
}

fn read(path: &PathBuf) -> ColorImage {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut bytes).unwrap();
    let size = [frame.width as usize, frame.height as usize];
    ColorImage::from_rgba_unmultiplied(size, &bytes[..frame.buffer_size()])
}

#[test]
fn a_difference_is_counted_beyond_the_tolerance() {
    let kept = ColorImage::filled([2, 2], Color32::from_gray(100));
    let mut picture = kept.clone();
    picture[(0, 0)] = Color32::from_gray(100 + TOLERANCE);
    assert_eq!(difference(&kept, &picture), None);
    picture[(1, 0)] = Color32::from_gray(120);
    assert_eq!(difference(&kept, &picture).as_deref(), Some("differs in 1 pixels"));
    assert!(difference(&kept, &ColorImage::filled([3, 2], Color32::BLACK)).is_some());
}
