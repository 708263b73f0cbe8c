//! A picture of pixels as PNG.
//!
//! Owns writing it. It must not know what is on it.

use crate::exchange::atomic_file::AtomicFile;
use std::io::{self, Write as _};
use std::path::Path;

/// Writes pixels (red, green, blue and opacity of each, row by row) as a PNG file; what stood at the path is replaced in one step.
///
/// # Errors
/// The system's error; [`io::ErrorKind::InvalidInput`] when there are more or fewer pixels than the size says.
pub fn write_png([width, height]: [u32; 2], rgba: &[u8], path: &Path) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    let bytes = png_bytes(width, height, rgba).map_err(io::Error::from)?;
    file.write_all(&bytes)?;
    file.commit()
}

fn png_bytes(width: u32, height: u32, rgba: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgba)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(size: [u32; 2], rgba: &[u8], is_fine: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        assert_eq!(write_png(size, rgba, &path).is_ok(), is_fine);
        assert_eq!(path.exists(), is_fine);
        if is_fine {
            let file = io::BufReader::new(std::fs::File::open(path).unwrap());
            let mut reader = png::Decoder::new(file).read_info().unwrap();
            let mut read = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut read).unwrap();
            assert_eq!((reader.info().size(), read.as_slice()), ((size[0], size[1]), rgba));
        }
    }

    #[test]
    fn pixels_come_back() {
        check([2, 1], &[1, 2, 3, 255, 9, 8, 7, 128], true);
        check([2, 2], &[1, 2, 3, 255], false);
        check([0, 1], &[], false);
    }
}
