"""The addresses of the pages, by reader. Indonesian words, because people read them; never a secret in them."""

from django.urls import path
from django.views.i18n import set_language

from tanggap.web import accent, hooks
from tanggap.web.account import invitation, joining, setup
from tanggap.web.calendars import changing
from tanggap.web.calendars import pages as calendars
from tanggap.web.desk import boxes
from tanggap.web.duties import books, case, deadlines, entry, listing, papers, periodic, together, twins
from tanggap.web.inbox import accounts, box
from tanggap.web.notices import health, news
from tanggap.web.notices import words as notice_words
from tanggap.web.organisation import changing as arranging
from tanggap.web.organisation import leave
from tanggap.web.organisation import pages as organisation
from tanggap.web.public import address, front, opened, report, talk, track
from tanggap.web.reports import pages as reports
from tanggap.web.sops import pages as sops

urlpatterns = [
    # everybody
    path("", front.front, name="front"),
    path("lembaga/<slug:key>", front.house, name="house"),
    path("lapor", report.report_where, name="report_where"),
    path("lapor/<slug:key>", report.report, name="report"),
    path("lacak", track.track, name="track"),
    path("lacak/laporan", track.case, name="tracked"),
    path("lacak/pesan", talk.write, name="write"),
    path("lacak/pernyataan", talk.decide, name="decide"),
    path("lacak/penilaian", talk.rate, name="rate"),
    path("lacak/cabut", talk.withdraw, name="withdraw"),
    path("lacak/tutup", track.leave, name="close_tracked"),
    path("lacak/buka/<str:token>", opened.opened, name="open_by_letter"),
    path("alamat/<str:token>", address.confirm, name="confirm_address"),
    path("lacak/berkas/<slug:file_id>", track.file, name="tracked_file"),
    path("data-pribadi", front.privacy, name="privacy"),
    path("sop", sops.sops, name="sops"),
    path("sop/<slug:key>/<slug:sop>", sops.sop, name="sop"),
    path("sop/<slug:key>/<slug:sop>.toml", sops.toml, name="sop_toml"),
    path("bahasa", set_language, name="set_language"),
    path("gaya/<str:hue>-<str:chroma>.css", accent.accent, name="accent"),
    # platforms
    path("kait/<slug:key>", hooks.hook, name="hook"),
    # officers
    path("tugas", listing.duties, name="duties"),
    path("kasus/<uuid:case>", case.case, name="case"),
    path("kasus/<uuid:case>/identitas", case.reveal, name="reveal"),
    path("kasus/<uuid:case>/berkas", papers.case_file, name="case_file"),
    path("kasus/<uuid:case>/serupa", twins.twins, name="twins"),
    path("kasus/<uuid:case>/tenggat", deadlines.deadlines, name="deadlines"),
    path("kasus/<uuid:case>/disposisi/<str:disposition>", papers.disposition_sheet, name="disposition_sheet"),
    path("kasus/<uuid:case>/surat/<slug:message>", papers.answer_letter, name="answer_letter"),
    path("kasus/<uuid:case>/<str:verb>", case.act, name="act"),
    path("lampiran/<slug:file_id>", case.attachment, name="attachment"),
    path("catat", entry.entry, name="entry"),
    path("kotak-saran", boxes.boxes, name="boxes"),
    path("kotak-saran/<int:pk>", boxes.opening, name="box_opening"),
    path("tugas/bersama/<slug:key>/<slug:sop>/<str:procedure>/<str:row>", together.together, name="together"),
    path("cuti", leave.leave, name="leave"),
    path("cuti/akhiri", leave.end, name="leave_end"),
    path("kabar", news.news, name="news"),
    path("kabar/dibaca", news.seen, name="news_seen"),
    path("pemberitahuan", notice_words.templates, name="notice_words"),
    path("pemberitahuan/antrean", health.health, name="outbox"),
    path("pemberitahuan/antrean/<int:row>", health.resolve, name="outbox_row"),
    path("pemberitahuan/<slug:key>/<slug:name>/<slug:language>", notice_words.template, name="notice_template"),
    path("kotak-masuk", box.box, name="inbox"),
    path("kotak-masuk/<int:item>", box.decide, name="inbox_decide"),
    path("kotak-masuk/<int:item>/pengirim", box.sender, name="inbox_sender"),
    path("kotak-masuk/<int:delivery>/asli", box.raw, name="inbox_raw"),
    path("register", books.register, name="register"),
    path("belum-ditanggapi", books.unanswered, name="unanswered"),
    path("belum-teratasi", books.unresolved, name="unresolved"),
    path("berkala", periodic.periodic, name="periodic"),
    path("berkala/<slug:key>/<int:schedule>", periodic.open_now, name="periodic_open"),
    path("ringkasan", reports.index, name="reports"),
    path("ringkasan/<slug:address>", reports.show, name="report_page"),
    path("ringkasan/<slug:address>.csv", reports.file, name="report_file"),
    # who arranges an institution
    path("kalender", calendars.calendars, name="calendars"),
    path("kalender/<slug:key>", calendars.calendar, name="calendar"),
    path("kalender/<slug:key>/hari", calendars.day, name="calendar_day"),
    path("kalender/<slug:key>/jam", calendars.hours, name="calendar_hours"),
    path("kalender/<slug:key>/libur", calendars.holidays, name="calendar_holidays"),
    path("kalender/<slug:key>/ubah", changing.change_calendar, name="calendar_change"),
    path("kalender/<slug:key>/riwayat", calendars.history, name="calendar_history"),
    path("kalender/<slug:key>/riwayat/<int:act>", calendars.act, name="calendar_act"),
    path("organisasi", organisation.organisations, name="organisations"),
    path("organisasi/<slug:key>", organisation.organisation, name="organisation"),
    path("organisasi/<slug:key>/unit", organisation.unit_form, name="organisation_unit_form"),
    path("organisasi/<slug:key>/jenis", organisation.kinds, name="organisation_kinds"),
    path("organisasi/<slug:key>/jabatan", organisation.post_form, name="organisation_post_form"),
    path("organisasi/<slug:key>/jabatan/<slug:post>", organisation.post, name="organisation_post"),
    path("organisasi/<slug:key>/pelaksana", organisation.columns, name="organisation_columns"),
    path(
        "organisasi/<slug:key>/pelaksana/<slug:sop>/<str:role>",
        organisation.column_form,
        name="organisation_column_form",
    ),
    path("organisasi/<slug:key>/orang", organisation.people, name="organisation_people"),
    path("organisasi/<slug:key>/orang/baru", organisation.person_form, name="organisation_person_form"),
    path("organisasi/<slug:key>/orang/undang", organisation.invite_form, name="organisation_invite_form"),
    path("organisasi/<slug:key>/orang/<int:person>", organisation.person, name="organisation_person"),
    path("organisasi/<slug:key>/ubah", arranging.change_organisation, name="organisation_change"),
    path("organisasi/<slug:key>/riwayat", organisation.history, name="organisation_history"),
    path("organisasi/<slug:key>/riwayat/<int:act>", organisation.act, name="organisation_act"),
    # setting one's own password
    path("undangan/<str:token>", invitation.invitation, name="invitation"),
    path("bergabung/<str:token>", joining.join, name="join"),
    path("saluran", accounts.channels, name="channels"),
    path("saluran/<slug:key>", accounts.accounts, name="channel_accounts"),
    path("saluran/<slug:key>/baru/<slug:channel>", accounts.new_account, name="channel_account_new"),
    path("saluran/<slug:key>/<int:pk>", accounts.account, name="channel_account"),
    path("saluran/<slug:key>/<int:pk>/uji", accounts.try_account, name="channel_account_test"),
    # the first account
    path("siapkan", setup.setup, name="setup"),
]
