// SPDX-License-Identifier: LGPL-2.1-or-later

// quick_xml FILE [attributes] - quick-xml reads all events of one document, and every attribute if wanted.

use quick_xml::events::Event;
use quick_xml::Reader;

fn read(data: &[u8], with_attributes: bool) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = Reader::from_reader(data);
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) if with_attributes => {
                for attribute in tag.attributes() {
                    attribute?;
                }
            }
            Event::Eof => return Ok(()),
            _ => (),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let data = std::fs::read(&arguments[1])?;
    read(&data, arguments.len() > 2)
}
