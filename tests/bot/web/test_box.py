"""The box at the summary that the manager is involved, on a phone."""

from playwright.sync_api import expect

from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.walking import answer_until, begin, log_in, press, receipt_number


def test_a_ticked_box_keeps_the_report_from_the_manager(visit: Visit, site: Site) -> None:
    page = visit()
    begin(page)
    answer_until(page, "summary")
    box = page.get_by_role("checkbox", name="Min chef är inblandad")
    expect(box).not_to_be_checked()
    box.click()
    expect(box).to_be_checked()
    expect(box).to_be_in_viewport()
    expect(page.locator(".summary")).to_contain_text("Chefen inblandad")
    press(page, "Skicka rapporten")
    number = receipt_number(page)
    manager, above = visit(), visit()
    log_in(manager, site, "Maria Lindqvall")
    expect(manager.locator("main")).not_to_contain_text(number)
    log_in(above, site, "Agneta Holmlid")
    expect(above.locator("main")).to_contain_text(number)


def test_the_box_is_ticked_without_scripts_too(visit: Visit, site: Site) -> None:
    page = visit(java_script_enabled=False)
    begin(page)
    answer_until(page, "summary")
    box = page.get_by_role("checkbox", name="Min chef är inblandad")
    box.click()
    expect(box).to_be_checked()
    press(page, "Skicka rapporten")
    receipt_number(page)
    with site.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
    assert case.manager_involved
